import {
  type KafkaActionDocument,
  type KafkaRecord,
  type KafkaTarget,
  RecordAssembler,
  type RenderedHeader,
} from '../deliver/specs.ts'
import { type Failure } from '../errors.ts'
import { MAX_RENDERED, type Rendered, type Template } from '../render/index.ts'
import { type CompiledKafkaAction, type NamedTemplate } from './compiled-action.ts'
import { type PropertyRecipe } from './recipe.ts'
import { limitFailure, type Scope, type SqlLimits } from '../sql/index.ts'
import { endWork, startWork } from '../value/index.ts'

/** Puts together what `compileAction` made of the document; `template` finds a compiled template by its path. */
export function buildKafkaAction(
  index: number,
  document: KafkaActionDocument,
  template: (path: string) => Template | undefined,
  target: KafkaTarget | PropertyRecipe,
  limits: SqlLimits,
): CompiledKafkaAction {
  return new KafkaAction(index, document, template, target, limits)
}

class KafkaAction implements CompiledKafkaAction {
  readonly kind = 'kafka'
  readonly index: number
  readonly topic: Template
  readonly partition: Template | undefined
  readonly key: Template | undefined
  readonly headers: readonly (readonly [key: Template, value: Template])[]
  readonly target: KafkaTarget | PropertyRecipe
  readonly destinationArn: string | undefined
  readonly templates: readonly NamedTemplate[]
  readonly remote: boolean
  readonly #assembler: RecordAssembler
  readonly #limits: SqlLimits

  constructor(
    index: number,
    document: KafkaActionDocument,
    template: (path: string) => Template | undefined,
    target: KafkaTarget | PropertyRecipe,
    limits: SqlLimits,
  ) {
    this.#limits = limits
    this.index = index
    this.topic = template('topic')!
    this.partition = template('partition')
    this.key = template('key')
    this.headers = (document.headers ?? []).map((_, at) => [
      template(`headers[${at}].key`)!,
      template(`headers[${at}].value`)!,
    ])
    this.target = target
    this.destinationArn = document.destinationArn
    const named: (readonly [string, Template | undefined])[] = [
      ['topic', this.topic],
      ['partition', this.partition],
      ['key', this.key],
      ...this.headers.flatMap(([name, content], at) => [
        [`headers[${at}].key`, name] as const,
        [`headers[${at}].value`, content] as const,
      ]),
    ]
    this.templates = named.flatMap(([path, each]) => (each === undefined ? [] : [[path, each] as const]))
    this.remote = this.templates.some(([, each]) => each.effect === 'remote')
    this.#assembler = new RecordAssembler(target.bootstrapServers)
  }

  get resource(): string {
    return this.target.bootstrapServers
  }

  assemble(scope: Scope, value: Buffer): KafkaRecord | Failure {
    startWork(this.#limits.work, this.#limits.outputSize)
    const topic = this.topic.render(scope)
    const partition = this.partition?.render(scope)
    const key = this.key?.render(scope)
    let tooLong = isTooLong(topic) || isTooLong(partition) || isTooLong(key)
    let headers: RenderedHeader[] | undefined
    for (const [name, content] of this.headers) {
      const header = [name.render(scope), content.render(scope)] as const
      tooLong ||= isTooLong(header[0]) || isTooLong(header[1])
      ;(headers ??= []).push(header)
    }
    const exceeded = endWork()
    if (exceeded !== undefined) return limitFailure(exceeded, this.#limits, this.resource)
    if (tooLong) return this.#tooLong()
    return this.#assembler.assemble(topic, partition, key, headers, value)
  }

  #tooLong(): Failure {
    const message = `A template rendered to more than ${MAX_RENDERED} characters.`
    return { code: 'KAFKA_RECORD_TOO_LARGE', class: 'message', resource: this.resource, message }
  }
}

function isTooLong(rendered: Rendered | undefined): boolean {
  return rendered?.tooLong === true
}
