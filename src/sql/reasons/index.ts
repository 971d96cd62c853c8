export { describe, typeInWords } from './describe.ts'
export { whatPayloadIs } from './path.ts'
export { type Frame, type Operand, type Reason, type ReasonContext } from './reason.ts'
export { operandsOf, whyUndefined } from './why-undefined.ts'
