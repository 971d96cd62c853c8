import type protobuf from 'protobufjs'

/** Most significant digits that tell one 32-bit float from the next. */
const FLOAT_DIGITS = 9

type Fields = Record<string, unknown>

/**
 * Replaces the 32-bit floats of decoded messages of a type by the numbers that their shortest texts name, as Java
 * prints them: 0.1 and not 0.10000000149011612. Undefined for a type that holds none.
 */
export function floatShortener(type: protobuf.Type): ((message: object) => void) | undefined {
  const holding = typesWithFloats(type)
  return holding.has(type) ? (message) => shortenIn(message as Fields, type, holding) : undefined
}

function shortenIn(message: Fields, type: protobuf.Type, holding: ReadonlySet<protobuf.Type>): void {
  for (const field of type.fieldsArray) {
    const { name, resolvedType } = field
    if (!Object.hasOwn(message, name)) continue
    const inner = resolvedType as protobuf.Type
    const each =
      field.type === 'float'
        ? (value: unknown) => shortest(value as number)
        : holding.has(inner)
          ? (value: unknown) => (shortenIn(value as Fields, inner, holding), value)
          : undefined
    if (each !== undefined) message[name] = mapped(field, message[name], each)
  }
}

function mapped(field: protobuf.Field, value: unknown, each: (value: unknown) => unknown): unknown {
  if (field.map) {
    const entries = Object.entries(value as Fields).map(([key, entry]) => [key, each(entry)] as const)
    return Object.fromEntries(entries)
  }
  return field.repeated ? (value as unknown[]).map(each) : each(value)
}

function shortest(value: number): number {
  for (let digits = 1; digits < FLOAT_DIGITS; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number.isFinite(value) ? Number(value.toPrecision(FLOAT_DIGITS)) : value
}

/** Types below `type`, itself included, that hold floats somewhere. */
function typesWithFloats(type: protobuf.Type): ReadonlySet<protobuf.Type> {
  const all = [...reachable(type)]
  const holding = new Set(
    all.filter(({ fieldsArray }) => fieldsArray.some((field) => field.type === 'float')),
  )
  for (let before = -1; before !== holding.size;) {
    before = holding.size
    for (const each of all) {
      const holds = each.fieldsArray.some(({ resolvedType }) => holding.has(resolvedType as protobuf.Type))
      if (holds) holding.add(each)
    }
  }
  return holding
}

function reachable(type: protobuf.Type, seen = new Set<protobuf.Type>()): ReadonlySet<protobuf.Type> {
  if (seen.has(type)) return seen
  seen.add(type)
  for (const { resolvedType } of type.fieldsArray)
    if (resolvedType !== null && 'fieldsArray' in resolvedType) reachable(resolvedType, seen)
  return seen
}
