import { type Diagnostic, type ErrorCode } from '../../../errors.ts'
import { type DeliverPolicy, isTemplate } from '../../action.ts'
import { clientProperties, propertiesByName } from './table.ts'
import { type ClientPropertySpec, type PropertyCondition, type PropertyLookup } from './property.ts'
import { insteadOf } from './unknown.ts'

const SHOWN_LIMIT = 80

/**
 * Every fault of a set of client properties, all at once. Templates that are not `rendered` yet
 * are taken as they are where AWS allows one; what a template was rendered to is a value, whatever it looks like.
 * Messages never show a secret value.
 */
export function checkProperties(
  given: Readonly<Record<string, string>>,
  policy: DeliverPolicy,
  { rendered }: { readonly rendered: boolean },
): Diagnostic[] {
  const found: Diagnostic[] = []
  const valueOf = lookup(given, policy)
  for (const [name, value] of Object.entries(given)) {
    const spec = propertiesByName.get(name)
    if (spec === undefined) found.push(unknownProperty(name))
    else found.push(...checkGiven(spec, value, given, policy, valueOf, rendered))
  }
  for (const spec of clientProperties) found.push(...checkRequired(spec, given, policy))
  return found
}

function lookup(given: Readonly<Record<string, string>>, policy: DeliverPolicy): PropertyLookup {
  return (name) =>
    Object.hasOwn(given, name)
      ? given[name]
      : name === 'acks'
        ? policy.acksWhenOmitted
        : propertiesByName.get(name)?.default
}

/** Path of a client property inside the action document. */
export function propertyPath(name: string): string {
  return `clientProperties[${JSON.stringify(name)}]`
}

function unknownProperty(name: string): Diagnostic {
  const { text, hint } = insteadOf(name, [...propertiesByName.keys()])
  return {
    code: 'KAFKA_PROPERTY_UNKNOWN',
    severity: 'error',
    path: propertyPath(name),
    message: `There is no client property ${JSON.stringify(name.slice(0, SHOWN_LIMIT))}${text}`,
    ...(hint !== undefined && { hint }),
  }
}

function checkGiven(
  spec: ClientPropertySpec,
  value: string,
  given: Readonly<Record<string, string>>,
  policy: DeliverPolicy,
  valueOf: PropertyLookup,
  rendered: boolean,
): Diagnostic[] {
  const { name, extension } = spec
  const isUnrendered = isTemplate(value) && !(rendered && spec.templated === true)
  if (extension !== undefined && !policy.extensions.includes(extension)) {
    const message = `${name} goes beyond AWS and is not allowed here; remove it, or add ${extension} to kafka.extensions in the configuration.`
    return [fault(spec, 'KAFKA_EXTENSION_NOT_ALLOWED', message)]
  }
  const found = isUnrendered ? checkTemplate(spec) : checkValue(spec, value, policy)
  const conflict = found.length === 0 && !isUnrendered ? spec.conflict?.(value, valueOf) : undefined
  if (conflict !== undefined) found.push(fault(spec, 'KAFKA_PROPERTY_CONFLICT', `${name} ${conflict}.`))
  return [...found, ...checkUse(spec, given)]
}

function checkTemplate(spec: ClientPropertySpec): Diagnostic[] {
  if (spec.templated === true) return []
  const message = `${spec.name} does not take a substitution template; write the value itself.`
  return [fault(spec, 'KAFKA_PROPERTY_TEMPLATED', message)]
}

function checkValue(spec: ClientPropertySpec, value: string, policy: DeliverPolicy): Diagnostic[] {
  if (spec.values !== undefined) return checkChoice(spec, spec.values, value, policy)
  if (value === '' && spec.required === true) {
    return [fault(spec, 'KAFKA_PROPERTY_VALUE', `${spec.name} is empty.`)]
  }
  if (spec.maxBytes !== undefined && Buffer.byteLength(value) > spec.maxBytes) {
    const bytes = Buffer.byteLength(value)
    return [
      fault(spec, 'KAFKA_PROPERTY_VALUE', `${spec.name} has ${bytes} bytes; the limit is ${spec.maxBytes}.`),
    ]
  }
  const reason = spec.fault?.(value) ?? rangeFault(spec, value)
  return reason === undefined ? [] : [fault(spec, 'KAFKA_PROPERTY_VALUE', `${spec.name} ${reason}.`)]
}

function rangeFault({ range }: ClientPropertySpec, value: string): string | undefined {
  if (range === undefined) return undefined
  const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN
  if (number >= range[0] && number <= range[1]) return undefined
  const shown = JSON.stringify(value.slice(0, SHOWN_LIMIT))
  return `is ${shown}; it must be a whole number from ${range[0]} to ${range[1]}`
}

function checkChoice(
  spec: ClientPropertySpec,
  values: readonly string[],
  value: string,
  policy: DeliverPolicy,
): Diagnostic[] {
  const extensions = spec.extensions ?? []
  const allowed = [...values, ...extensions.filter((extension) => policy.extensions.includes(extension))]
  if (extensions.includes(value) && !allowed.includes(value)) {
    return [
      fault(
        spec,
        'KAFKA_EXTENSION_NOT_ALLOWED',
        `${spec.name} is ${value}, which goes beyond AWS and is not allowed here; use ${listed(allowed)}, or add ${value} to kafka.extensions in the configuration.`,
      ),
    ]
  }
  if (!allowed.includes(value)) {
    const shown = JSON.stringify(value.slice(0, SHOWN_LIMIT))
    return [fault(spec, 'KAFKA_PROPERTY_VALUE', `${spec.name} is ${shown}; it must be ${listed(allowed)}.`)]
  }
  return []
}

function checkUse(spec: ClientPropertySpec, given: Readonly<Record<string, string>>): Diagnostic[] {
  if (inEffect(spec, given)) return []
  const message = `${spec.name} has no effect with ${situation(given)}.`
  return [{ ...fault(spec, 'KAFKA_PROPERTY_UNUSED', message), severity: 'warning' }]
}

function checkRequired(
  spec: ClientPropertySpec,
  given: Readonly<Record<string, string>>,
  policy: DeliverPolicy,
): Diagnostic[] {
  const { required, name, optionalWith } = spec
  if (required === undefined || Object.hasOwn(given, name) || !inEffect(spec, given)) return []
  if (optionalWith !== undefined && policy.extensions.includes(optionalWith)) return []
  const orElse =
    optionalWith === undefined
      ? ''
      : ` The operator may allow to leave it out with ${optionalWith} in kafka.extensions.`
  const missing = (why: string): Diagnostic[] => [
    fault(spec, 'KAFKA_PROPERTY_REQUIRED', `${name} is required${why}.${orElse}`),
  ]
  if (required === true) return missing(spec.usedWith === undefined ? '' : ` with ${situation(given)}`)
  if ('beside' in required) {
    const why = ` with ${required.beside}; an empty text says that there is none`
    return Object.hasOwn(given, required.beside) ? missing(why) : []
  }
  return holds(required, given) ? missing(` with ${situation(given)}`) : []
}

function inEffect({ usedWith }: ClientPropertySpec, given: Readonly<Record<string, string>>): boolean {
  return usedWith === undefined || holds(usedWith, given)
}

function holds(
  { protocols, mechanisms: names }: PropertyCondition,
  given: Readonly<Record<string, string>>,
): boolean {
  if (protocols !== undefined && !protocols.includes(protocolOf(given))) return false
  return names === undefined || names.includes(given['sasl.mechanism'] ?? '')
}

function situation(given: Readonly<Record<string, string>>): string {
  const mechanism = given['sasl.mechanism']
  const protocol = `security.protocol ${protocolOf(given).slice(0, SHOWN_LIMIT)}`
  return mechanism === undefined || !protocolOf(given).startsWith('SASL_')
    ? protocol
    : `${protocol} and sasl.mechanism ${mechanism.slice(0, SHOWN_LIMIT)}`
}

function protocolOf(given: Readonly<Record<string, string>>): string {
  return given['security.protocol'] ?? 'SSL'
}

function fault(spec: ClientPropertySpec, code: ErrorCode, message: string): Diagnostic {
  return { code, severity: 'error', path: propertyPath(spec.name), message }
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)!}`
}
