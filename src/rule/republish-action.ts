import {
  assembleProperties,
  type Publication,
  type RepublishActionDocument,
  type SingleHeader,
  singleHeaderFields,
} from '../deliver/specs.ts'
import { type ErrorCode, type Failure } from '../errors.ts'
import { checkTopic } from '../match/index.ts'
import { type PublishProperties } from '../message/index.ts'
import { MAX_RENDERED, type Rendered, type Template } from '../render/index.ts'
import { limitFailure, type Scope, type SqlLimits } from '../sql/index.ts'
import { endWork, startWork } from '../value/index.ts'
import { type CompiledRepublishAction, type NamedTemplate } from './compiled-action.ts'

/** Puts together what `compileAction` made of the document; `template` finds a compiled template by its path. */
export function buildRepublishAction(
  index: number,
  document: RepublishActionDocument,
  template: (path: string) => Template | undefined,
  limits: SqlLimits,
): CompiledRepublishAction {
  return new RepublishAction(index, document, template, limits)
}

/** Why nothing can be published to `topic`, as a sentence, or undefined. */
export function publishFault(topic: string): string | undefined {
  const fault = checkTopic(topic)
  return fault === undefined ? undefined : `Nothing can be republished: ${fault}.`
}

class RepublishAction implements CompiledRepublishAction {
  readonly kind = 'republish'
  readonly index: number
  readonly topic: Template
  readonly qos: 0 | 1
  readonly templates: readonly NamedTemplate[]
  readonly remote: boolean
  readonly #single: readonly (readonly [name: SingleHeader, template: Template])[]
  readonly #user: readonly (readonly [key: Template, value: Template])[]
  readonly #limits: SqlLimits

  constructor(
    index: number,
    document: RepublishActionDocument,
    template: (path: string) => Template | undefined,
    limits: SqlLimits,
  ) {
    this.index = index
    this.topic = template('topic')!
    this.qos = document.qos ?? 0
    this.#limits = limits
    this.#single = singleHeaderFields.flatMap((name) => {
      const header = template(`headers.${name}`)
      return header === undefined ? [] : [[name, header] as const]
    })
    this.#user = (document.headers?.userProperties ?? []).map((_, at) => [
      template(`headers.userProperties[${at}].key`)!,
      template(`headers.userProperties[${at}].value`)!,
    ])
    this.templates = [
      ['topic', this.topic],
      ...this.#single.map(([name, header]) => [`headers.${name}`, header] as const),
      ...this.#user.flatMap(([key, value], at) => [
        [`headers.userProperties[${at}].key`, key] as const,
        [`headers.userProperties[${at}].value`, value] as const,
      ]),
    ]
    this.remote = this.templates.some(([, each]) => each.effect === 'remote')
  }

  assemble(scope: Scope, payload: Buffer): Publication | Failure {
    startWork(this.#limits.work, this.#limits.outputSize)
    const { text: topic, undefinedAt, tooLong } = this.topic.render(scope)
    const single = this.#single.map(([name, header]) => [name, header.render(scope)] as const)
    const user = this.#user.map(([key, value]) => [key.render(scope), value.render(scope)] as const)
    const exceeded = endWork()
    if (exceeded !== undefined) return limitFailure(exceeded, this.#limits, this.topic.text)
    if (undefinedAt !== undefined) {
      const tag = undefinedAt.slice(0, 64)
      return this.#fail('REPUBLISH_FIELD_UNDEFINED', `The template of topic is Undefined at ${tag}.`)
    }
    const fault = tooLong === true ? TOO_LONG : publishFault(topic)
    if (fault !== undefined) return this.#fail('REPUBLISH_TOPIC_INVALID', fault)
    const properties = this.#properties(single, user)
    if (typeof properties === 'string') return this.#fail('REPUBLISH_HEADER_INVALID', properties, topic)
    return { topic, qos: this.qos, properties, payload }
  }

  #properties(
    single: readonly (readonly [name: SingleHeader, value: Rendered])[],
    user: readonly (readonly [key: Rendered, value: Rendered])[],
  ): PublishProperties | undefined | string {
    if (single.length === 0 && user.length === 0) return undefined
    if (single.some(([, { tooLong }]) => tooLong === true)) return TOO_LONG
    if (user.some((pair) => pair.some(({ tooLong }) => tooLong === true))) return TOO_LONG
    return assembleProperties({ single, userProperties: user })
  }

  #fail(code: ErrorCode, message: string, resource = this.topic.text): Failure {
    return { code, class: 'message', resource, message }
  }
}

const TOO_LONG = `A template rendered to more than ${MAX_RENDERED} characters.`
