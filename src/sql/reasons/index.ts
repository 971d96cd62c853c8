export { describe } from './describe.ts'
export { whatPayloadIs } from './path.ts'
export { type Frame, type Operand, type Reason, type ReasonContext } from './reason.ts'
export { whyUndefined } from './why-undefined.ts'
