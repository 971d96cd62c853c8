/** The grammar's automaton as plain data, for reading on after a fault; the generated parser has it packed. */
import { type ATNState } from 'antlr4ts/atn/ATNState.js'
import { RuleStopState } from 'antlr4ts/atn/RuleStopState.js'
import { RuleTransition } from 'antlr4ts/atn/RuleTransition.js'
import { type Transition } from 'antlr4ts/atn/Transition.js'
import { IotSqlParser } from './generated/IotSqlParser.ts'

/** A way out of a state: into a rule (and on at `follow` behind it), by one of some tokens, or freely. */
export type Move =
  | { readonly kind: 'rule'; readonly to: number; readonly follow: number }
  | { readonly kind: 'token'; readonly to: number; readonly types: readonly number[] }
  | { readonly kind: 'free'; readonly to: number }

export interface GrammarTable {
  readonly moves: readonly (readonly Move[])[]
  /** By state: whether a rule ends there. */
  readonly ends: readonly boolean[]
  /** First states of the entry rules. */
  readonly statement: number
  readonly expression: number
}

let table: GrammarTable | undefined

/** Made at the first fault of the process. */
export function grammarTable(): GrammarTable {
  return (table ??= readTable())
}

function readTable(): GrammarTable {
  const atn = IotSqlParser._ATN
  return {
    moves: atn.states.map((state) => transitionsOf(state).map(moveOf)),
    ends: atn.states.map((state) => state instanceof RuleStopState),
    statement: atn.ruleToStartState[IotSqlParser.RULE_statement]!.stateNumber,
    expression: atn.ruleToStartState[IotSqlParser.RULE_expression]!.stateNumber,
  }
}

function transitionsOf(state: ATNState): Transition[] {
  // Behind the end of a rule the automaton lists every place that uses the rule; the stack knows the one that counts.
  if (state instanceof RuleStopState) return []
  return Array.from({ length: state.numberOfTransitions }, (_, index) => state.transition(index))
}

function moveOf(transition: Transition): Move {
  const to = transition.target.stateNumber
  if (transition instanceof RuleTransition)
    return { kind: 'rule', to, follow: transition.followState.stateNumber }
  const types = transition.label
  return types === undefined ? { kind: 'free', to } : { kind: 'token', to, types: types.toArray() }
}
