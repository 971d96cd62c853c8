import { type FunctionSpec, functionSpecs } from '../sql/index.ts'
import { nearest } from '../nearest.ts'
import { type CommandSpec, note, print } from './command.ts'
import { hanging } from './terminal.ts'

export const functions: CommandSpec = {
  name: 'functions',
  arguments: '[name]',
  summary: 'List the functions of AWS IoT SQL, or show one.',
  options: [],
  run(_options, [name]) {
    if (name === undefined) {
      const width = Math.max(...functionSpecs.map((spec) => spec.name.length))
      for (const spec of functionSpecs) print(hanging(`${spec.name.padEnd(width)}  `, spec.summary))
      return Promise.resolve(0)
    }
    const spec = functionSpecs.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
    if (spec === undefined) {
      const guess = nearest(
        name,
        functionSpecs.map((candidate) => candidate.name),
      )
      note(`There is no function "${name}".${guess === undefined ? '' : ` Did you mean "${guess}"?`}`)
      return Promise.resolve(1)
    }
    print(describe(spec))
    return Promise.resolve(0)
  },
}

/** Signature, parameters, notes and examples of one function. */
function describe({
  name,
  params,
  returns,
  since,
  summary,
  notes = [],
  examples,
  configuration,
}: FunctionSpec): string {
  const width = Math.max(0, ...params.map((param) => param.name.length))
  const kinds = { required: '', optional: ', optional', rest: ', any number of times' } as const
  return [
    `${name}(${params.map((param) => param.name).join(', ')}) → ${returns}, since ${since}`,
    hanging('', summary),
    ...params.map((param) =>
      hanging(`  ${param.name.padEnd(width)}  `, `${param.type}${kinds[param.kind]}: ${param.summary}`),
    ),
    ...notes.map((remark) => hanging('* ', remark)),
    ...(configuration === undefined
      ? []
      : [hanging('* ', `A server runs it when ${configuration} is configured.`)]),
    ...examples.map(
      ([call, ...result]) =>
        `  ${call}${result.length === 0 ? '' : `  →  ${JSON.stringify(result[0]) ?? 'Undefined'}`}`,
    ),
  ].join('\n')
}
