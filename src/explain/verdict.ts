import { describe } from '../sql/index.ts'
import { type ExplainedNode } from './explanation.ts'

/** Operands told in one sentence. */
const FACTS = 3

/** Why a condition is not true, in one sentence: the deepest sub-expression that made it so. */
export function whyNotTrue(node: ExplainedNode): string | undefined {
  if (node.value === true) return undefined
  if (node.type === 'Undefined') return node.because?.reason ?? node.reason
  if (node.value === false) return whyFalse(node, false)
  return `\`${node.text}\` is ${describe(node.value)}; WHERE passes the Boolean true alone`
}

/** Follows what decided down to something that decides by itself. */
function whyFalse(node: ExplainedNode, value: boolean): string {
  const deciders = (node.decidedBy ?? []).map((index) => node.children[index])
  const [only] = deciders
  if (node.kind === 'not' && only !== undefined) return whyFalse(only, !value)
  if (deciders.length === 1 && only !== undefined) return whyFalse(only, value)
  const said = `\`${node.text}\` is ${value}`
  if (deciders.length > 1) return `${said}: none of its operands is ${!value}`
  const facts = node.children.filter(isTelling).slice(0, FACTS).map(told)
  const because = [facts.join(', '), node.note ?? ''].filter((each) => each !== '').join('; ')
  return because === '' ? said : `${said}: ${because}`
}

/** Literals say what they are. */
function isTelling({ kind, constant, type }: ExplainedNode): boolean {
  return kind !== 'literal' && kind !== 'element' && constant !== true && type !== undefined
}

function told({ text, value }: ExplainedNode): string {
  return `\`${text}\` is ${describe(value)}`
}
