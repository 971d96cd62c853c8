import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createScope, evaluate } from '../../src/evaluate/index.ts'
import {
  type ExplainedNode,
  type Explanation,
  explanationJson,
  explainRule,
  renderExplanation,
} from '../../src/explain/index.ts'
import { compileRule, type CompiledRule } from '../../src/rule/index.ts'
import { type Environment, printExpression, printStatement } from '../../src/sql/index.ts'
import { Payload } from '../../src/value/index.ts'
import { hostilePayloads, soundExpressions, soundStatements } from '../sql/arbitraries.ts'
import { allNodes, environmentOf, kafkaAction, messageOf } from './explain-text.ts'

const RUNS = 500

/** Rules with random statements, and templates whose tags are random expressions. */
const documents = fc
  .tuple(soundStatements, soundExpressions, soundExpressions)
  .map(([statement, topic, key]) => ({
    sql: printStatement({ ...statement, from: { filter: 'a/b', span: { start: 0, end: 0 } } }),
    awsIotSqlVersion: '2016-03-23',
    actions: [
      kafkaAction({
        topic: `t-\${get_or_default(${printExpression(topic)}, 7)}-\${rand()}`,
        key: `\${${printExpression(key)}}`,
        headers: [{ key: '${newuuid()}', value: '${topic(2)}' }],
      }),
    ],
  }))

/** Undefined for a document that is refused, as some random ones are. */
function compile(document: unknown, tracing: boolean): CompiledRule | undefined {
  const result = compileRule(document, { name: 'rule', extensions: ['PLAINTEXT'], tracing })
  return result.ok ? result.rule : undefined
}

/** All that a rule makes of a message, and how much chance it drew for that. */
function resultOf(rule: CompiledRule, payload: Buffer, isWatched: boolean): unknown {
  const message = messageOf(payload)
  const environment: Environment = environmentOf()
  const tracer = isWatched ? { enter: () => undefined, leave: () => undefined } : undefined
  const scope = createScope(rule, 'a/b', message, new Payload(payload), environment, tracer)
  const evaluation = evaluate(rule.query, scope)
  if (!('matched' in evaluation) || !evaluation.matched) return [evaluation, environment.random()]
  const records = rule.actions.map((action) => action.assemble(scope, evaluation.output))
  return [evaluation, records, environment.random()]
}

function treesOf({ set = [], where, select, actions = [] }: Explanation): ExplainedNode[] {
  return [
    ...set.map(({ node }) => node),
    ...(where === undefined ? [] : [where.node]),
    ...(select?.items.map(({ node }) => node) ?? []),
    ...actions.flatMap(({ templates }) => templates.flatMap(({ tags }) => tags.map(({ node }) => node))),
  ]
}

describe('the watched run of a rule', () => {
  it('gives the ordinary result, draws the same chance, and is explained to the last Undefined', async () => {
    const seen = { selected: 0, undefinedNodes: 0, records: 0 }
    await fc.assert(
      fc.asyncProperty(documents, hostilePayloads, async (document, payload) => {
        const ordinary = compile(document, false)
        fc.pre(ordinary !== undefined)
        const result = resultOf(ordinary, payload, false)
        expect(resultOf(compile(document, true)!, payload, true)).toEqual(result)

        const explanation = await explainRule(ordinary, messageOf(payload), environmentOf())
        const [evaluation, records] = result as [{ matched: boolean; output: Buffer }, { topic: string }[]]
        expect(explanation.selected).toBe(evaluation.matched)
        expect(
          explanation.where === undefined || (explanation.where.verdict === true) === evaluation.matched,
        ).toBe(true)
        if (evaluation.matched) {
          seen.selected += 1
          expect(explanation.select!.output!.bytes).toBe(evaluation.output.length)
          const { failure, templates } = explanation.actions![0]!
          expect(failure === undefined).toBe(!('class' in records[0]!))
          if (failure === undefined && templates[0]!.cut === undefined) {
            seen.records += 1
            expect(templates[0]!.rendered).toBe(records[0]!.topic)
          }
        }
        for (const node of treesOf(explanation).flatMap(allNodes)) {
          if (node.type !== 'Undefined') continue
          seen.undefinedNodes += 1
          expect(node.reason, node.text).toMatch(/^(?!it has no value$)./)
        }
        expect(JSON.parse(explanationJson(explanation))).toHaveProperty('rule', 'rule')
        const text = renderExplanation(explanation, { width: 80 })
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      }),
      { numRuns: RUNS },
    )
    expect(seen.selected).toBeGreaterThan(RUNS / 10)
    expect(seen.records).toBeGreaterThan(20)
    expect(seen.undefinedNodes).toBeGreaterThan(RUNS / 2)
  })
})

describe('the ordinary run of a rule', () => {
  it('never asks for a tracer, so that explaining costs it nothing', () => {
    let compiled = 0
    fc.assert(
      fc.property(documents, hostilePayloads, (document, payload) => {
        const rule = compile(document, false)
        fc.pre(rule !== undefined)
        compiled += 1
        const scope = createScope(rule, 'a/b', messageOf(payload), new Payload(payload), environmentOf())
        Object.defineProperty(scope, 'tracer', {
          get: () => {
            throw new Error('asked for a tracer')
          },
        })
        void evaluate(rule.query, scope)
        for (const action of rule.actions) action.assemble(scope, payload)
      }),
      { numRuns: 200 },
    )
    expect(compiled).toBeGreaterThan(100)
  })
})
