/** Options or arguments that are not as they should be; the command ends with exit code 2. */
export class Usage extends Error {}

/**
 * The value of an option that takes one of a few words.
 * @throws Usage for any other
 */
export function oneOf<Word extends string>(flag: string, given: unknown, ...words: Word[]): Word {
  const word = words.find((each) => each === given)
  if (word !== undefined) return word
  const known = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  throw new Usage(`${flag} is ${String(given)}; it takes ${known}.`)
}
