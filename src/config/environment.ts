import { type Diagnostic } from '../errors.ts'

const PREFIX = 'TOPICRULE_'

/**
 * Lays `TOPICRULE_` variables over a parsed document: `__` separates levels, a number is a list index, and names
 * match keys whatever their case and underscores (`TOPICRULE_MQTT__LIMITS__MAX_PACKET_SIZE`). A value that is JSON
 * is taken as such, any other as text.
 */
export function applyEnvironment(
  document: unknown,
  environment: NodeJS.ProcessEnv,
  faults: Diagnostic[],
): unknown {
  let result = document
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue
    const steps = name.slice(PREFIX.length).split('__')
    if (steps.some((step) => step === '')) {
      const message = `The environment variable ${name} names no configuration key; separate levels by two underscores.`
      faults.push({ code: 'CONFIG_ENVIRONMENT', severity: 'error', message, path: name })
    } else result = assign(result, steps, parse(value))
  }
  return result
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

function assign(node: unknown, steps: readonly string[], value: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (/^\d+$/.test(step)) {
    const list = Array.isArray(node) ? [...(node as unknown[])] : []
    const index = Math.min(Number(step), list.length)
    list[index] = assign(list[index], rest, value)
    return list
  }
  const object =
    typeof node === 'object' && node !== null && !Array.isArray(node) ? { ...(node as object) } : {}
  const record = object as Record<string, unknown>
  const key = keyFor(step, Object.keys(record))
  record[key] = assign(record[key], rest, value)
  return record
}

/** `MAX_PACKET_SIZE` names `maxPacketSize`; a key that the document already has wins. */
function keyFor(step: string, existing: readonly string[]): string {
  const plain = step.replaceAll('_', '').toLowerCase()
  const known = existing.find((key) => key.toLowerCase() === plain)
  return known ?? step.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
