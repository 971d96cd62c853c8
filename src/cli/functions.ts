import { functionSpecs } from '../sql/index.ts'
import { nearest } from '../nearest.ts'
import { type CommandSpec, note, print } from './command.ts'

export const functions: CommandSpec = {
  name: 'functions',
  arguments: '[name]',
  summary: 'List the functions of AWS IoT SQL, or show one.',
  options: [],
  run(_options, [name]) {
    if (name === undefined) {
      const width = Math.max(...functionSpecs.map((spec) => spec.name.length))
      for (const spec of functionSpecs) print(`${spec.name.padEnd(width)}  ${spec.summary}`)
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
    print(
      `${spec.name}(${spec.params.map((param) => param.name).join(', ')})  since ${spec.since}\n${spec.summary}`,
    )
    for (const [call, result] of spec.examples)
      print(`  ${call}  →  ${JSON.stringify(result) ?? 'Undefined'}`)
    return Promise.resolve(0)
  },
}
