export { type DeadLetter, letterOf, type LetterFailure } from './letter.ts'
export { type DamagedLines, type FoundLetter, markResent, readLetters } from './reader.ts'
export {
  type DeadLetterEvents,
  type DeadLetterOptions,
  DeadLetterStore,
  type LetterReceipt,
} from './store.ts'
