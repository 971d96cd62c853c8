import { errorCatalogue } from '../errors.ts'
import { note, print } from './command.ts'

/** Loads native code. */
export const loadChecker = async () => (await import('../app.ts')).checkKafka

// By inference, because importing the types would load the server.
type CheckKafka = Awaited<ReturnType<typeof loadChecker>>
export type KafkaCheckOptions = Parameters<CheckKafka>[2]
type KafkaCheckWatch = Parameters<CheckKafka>[3]
type KafkaCheck = Awaited<ReturnType<CheckKafka>>[number]
type Step = KafkaCheck['steps'][number]

/** Shows checks: as text step by step, as JSON at the end. */
export function printer(
  format: 'text' | 'json',
): KafkaCheckWatch & { readonly checks: KafkaCheck[]; end(): void } {
  const checks: KafkaCheck[] = []
  if (format === 'json') {
    const end = (): void => print(JSON.stringify(checks.map(withRemedies), undefined, 2))
    return { checks, end, begins: () => undefined, step: () => undefined }
  }
  return {
    checks,
    begins: ({ rule, actions, bootstrapServers }) =>
      print(`${rule}: ${actions.join(', ')} at ${bootstrapServers}`),
    step: (step) => {
      for (const line of linesOf(step)) print(line)
    },
    end: () => {
      const faulty = checks.filter(({ ok }) => !ok).length
      note(`${checks.length} connection${checks.length === 1 ? '' : 's'} checked, ${faulty} with faults.`)
    },
  }
}

const WORDS = { ok: 'ok', failed: 'FAILED', skipped: 'skipped' }
const INDENT = ' '.repeat(12)

function linesOf({ step, outcome, detail, broker, code, chain = [], properties = {} }: Step): string[] {
  const about = [broker, code].filter((part) => part !== undefined).join(' ')
  return [
    `  ${WORDS[outcome].padEnd(7)}  ${step}${about === '' ? '' : ` ${about}`}: ${printable(detail)}`,
    ...(code === undefined ? [] : [`${INDENT}${errorCatalogue[code].remedy}`]),
    ...Object.entries(properties).map(([name, value]) => `${INDENT}${name} = ${printable(value)}`),
    ...chain.flatMap(({ subject, issuer, names, validFrom, validTo }) => [
      `${INDENT}${printable(`${subject} issued by ${issuer}${names === '' ? '' : `, for ${names}`}`)}`,
      `${INDENT}  valid from ${printable(validFrom)} to ${printable(validTo)}`,
    ]),
  ]
}

function withRemedies(check: KafkaCheck): object {
  const steps = check.steps.map((step) =>
    step.code === undefined ? step : { ...step, remedy: errorCatalogue[step.code].remedy },
  )
  return { ...check, steps }
}

/** What a peer says of itself must not move the cursor of a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '?')
}
