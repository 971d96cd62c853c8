import { type CodePoints } from './code-points.ts'
import { type Assertion, type Node, RegexpError, type Tree } from './tree.ts'

/** Most instructions of a program; counted repetitions are written out. */
const LARGEST = 10_000

/** An instruction of the machine; positions in the program are indexes. */
export type Instruction =
  | { readonly op: 'set'; readonly set: CodePoints }
  | { readonly op: 'notNext'; readonly set: CodePoints }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  /** Tries the first way before the second. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'match' }

/** What the machine runs: the instruction behind each one is the next, but for splits. */
export interface Program {
  readonly code: readonly Instruction[]
  /** Two for each group, the whole match being group 0. */
  readonly slots: number
  /** The code points that a match can begin with; undefined when it can be empty. */
  readonly begin: CodePoints | undefined
}

/** Writes the program of a tree; throws a RegexpError when it would be too large. */
export function programOf({ root, groupCount }: Tree): Program {
  const code: Instruction[] = []
  emit(root, code)
  code.push({ op: 'match' })
  return { code, slots: 2 * (groupCount + 1), begin: beginOf(code) }
}

function add(code: Instruction[], instruction: Instruction): void {
  if (code.length >= LARGEST) throw new RegexpError({ unsupported: 'repetitions of too many steps in all' })
  code.push(instruction)
}

function emit(node: Node, code: Instruction[]): void {
  switch (node.type) {
    case 'set':
      return add(code, { op: 'set', set: node.set })
    case 'notNext':
      return add(code, { op: 'notNext', set: node.set })
    case 'assertion':
      return add(code, { op: 'assert', assertion: node.assertion })
    case 'sequence':
      return node.items.forEach((item) => emit(item, code))
    case 'choice':
      return emitChoice(node.options, code)
    case 'group':
      add(code, { op: 'save', slot: 2 * node.index })
      emit(node.body, code)
      return add(code, { op: 'save', slot: 2 * node.index + 1 })
    case 'repeat':
      return emitRepeat(node, code)
    case 'atomic':
      throw new RegexpError({ unsupported: node.construct })
  }
}

type Split = Extract<Instruction, { op: 'split' }>

function split(code: Instruction[]): Split {
  const instruction: Split = { op: 'split', first: code.length + 1, second: -1 }
  add(code, instruction)
  return instruction
}

function emitChoice(options: readonly Node[], code: Instruction[]): void {
  const ends: Split[] = []
  for (const [index, option] of options.entries()) {
    const fork = index < options.length - 1 ? split(code) : undefined
    emit(option, code)
    if (fork === undefined) continue
    ends.push(split(code))
    fork.second = code.length
  }
  for (const end of ends) end.first = end.second = code.length
}

function emitRepeat(node: Extract<Node, { type: 'repeat' }>, code: Instruction[]): void {
  const { body, min, max, greedy } = node
  const copies = max === Infinity ? Math.max(0, min - 1) : min
  for (let copy = 0; copy < copies; copy++) {
    const before = code.length
    emit(body, code)
    if (code.length === before) return
  }
  if (max === Infinity) return emitLoop(body, min === 0, greedy, code)
  const forks: Split[] = []
  for (let copy = min; copy < max; copy++) {
    forks.push(split(code))
    const before = code.length
    emit(body, code)
    if (code.length === before) break
  }
  for (const fork of forks) leave(fork, code.length, greedy)
}

/** One or more; with `optional` none too. An empty round ends the loop, as the machine takes no step twice. */
function emitLoop(body: Node, optional: boolean, greedy: boolean, code: Instruction[]): void {
  const entry = optional ? split(code) : undefined
  const begin = code.length
  emit(body, code)
  const again = split(code)
  again.first = begin
  leave(again, code.length, greedy)
  if (entry !== undefined) leave(entry, code.length, greedy)
}

/** Lets a split whose first way goes on leave for `end`: last when greedy, else first. */
function leave(fork: Split, end: number, greedy: boolean): void {
  if (greedy) {
    fork.second = end
  } else {
    fork.second = fork.first
    fork.first = end
  }
}

function beginOf(code: readonly Instruction[]): CodePoints | undefined {
  const seen = new Set<number>()
  const open = [0]
  const sets: CodePoints[] = []
  while (open.length > 0) {
    const at = open.pop()!
    if (seen.has(at)) continue
    seen.add(at)
    const instruction = code[at]!
    if (instruction.op === 'match') return undefined
    if (instruction.op === 'set') sets.push(instruction.set)
    else if (instruction.op === 'split') open.push(instruction.first, instruction.second)
    else open.push(at + 1)
  }
  return sets.length > 50 ? undefined : sets.reduce((all, set) => all.union(set))
}
