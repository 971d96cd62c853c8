import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-conditions-'))
afterAll(() => rmSync(directory, { recursive: true }))

interface Entry {
  readonly rule: string
  readonly accepted: boolean
  readonly deliverable: boolean
  readonly diagnostics: readonly {
    code: string
    message: string
    path: string
    line: number
    column: number
  }[]
}

let files = 0

async function checked(text: string, ending = 'yaml'): Promise<Entry[]> {
  const path = join(directory, `t${(files += 1)}.${ending}`)
  writeFileSync(path, text)
  return JSON.parse((await run('check', '--format', 'json', path)).stdout) as Entry[]
}

/** A template with these conditions and one rule with this statement. */
function template(conditions: string, sql: string, more = ''): string {
  return `Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
  Zone: {Type: String}
Mappings:
  Topics: {dev: {in: dev/+}, prod: {in: "#/prod"}}
Conditions: ${conditions}
Resources:
  R:
    Type: AWS::IoT::TopicRule${more}
    Properties:
      TopicRulePayload:
        AwsIotSqlVersion: '2016-03-23'
        Actions: []
        Sql: ${sql}
`
}

const isProd = '{P: !Equals [!Ref Env, prod]}'

describe('check on conditions of templates', () => {
  it('checks both values of Fn::If, each with its own place', async () => {
    const [entry] = await checked(template(isProd, `!If [P, "SELECT", "SELECT a AS FROM 'x'"]`))
    const found = entry!.diagnostics.map(({ code, path, line, column }) => [code, path, line, column])
    const field = 'Resources.R.Properties.TopicRulePayload.Sql'
    expect(entry!.accepted).toBe(false)
    expect(found).toEqual([
      ['SQL_SYNTAX', `${field}["Fn::If"][1]`, 14, 22],
      ['SQL_SYNTAX', `${field}["Fn::If"][2]`, 14, 32],
    ])
  })

  it('finds the places also in JSON, where functions have their long names', async () => {
    const sql = { 'Fn::If': ['P', "SELECT * FROM 'a'", 'SELECT'] }
    const payload = { Sql: sql, AwsIotSqlVersion: '2016-03-23', Actions: [] }
    const document = {
      Parameters: { Env: { Type: 'String' } },
      Conditions: { P: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } },
      Resources: { R: { Type: 'AWS::IoT::TopicRule', Properties: { TopicRulePayload: payload } } },
    }
    const text = JSON.stringify(document)
    const [entry] = await checked(text, 'json')
    expect(entry!.diagnostics).toMatchObject([{ code: 'SQL_SYNTAX', column: text.indexOf('"SELECT"') + 1 }])
  })

  it('lets a condition be the same everywhere, and parameters have the value that makes it so', async () => {
    const two = '{P: !Equals [!Ref Env, prod], D: !Not [!Condition P]}'
    const sql = `!Sub ["SELECT \${a} FROM '\${f}'", {a: !If [P, a, ''], f: !If [D, x, !FindInMap [Topics, !Ref Env, in]]}]`
    const { accepted, diagnostics } = (await checked(template(two, sql)))[0]!
    // Of prod the filter is wrong, of the others the list of SELECT is empty; both never come together.
    expect(accepted).toBe(false)
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(['RULE_TOPIC_FILTER_INVALID', 'SQL_SYNTAX'])
  })

  it('leaves out a value that the condition of the resource excludes', async () => {
    const sql = `!If [P, "SELECT * FROM 'a'", "SELECT"]`
    expect(await checked(template(isProd, sql, '\n    Condition: P'))).toMatchObject([{ accepted: true }])
  })

  it('checks both values where no parameter decides, and where the parameters never make one so', async () => {
    const unknown = '{P: !Equals [!ImportValue stage, prod]}'
    const never = '{P: !Equals [!Ref Env, nowhere]}'
    const both =
      '{Q: !Or [!Condition P, !Equals [!Ref Zone, a]], P: !And [!Equals [!Ref Zone, b], !Equals [!Ref Env, prod]]}'
    for (const conditions of [unknown, never, both]) {
      for (const sql of [`!If [P, "SELECT", "SELECT * FROM 'a'"]`, `!If [P, "SELECT * FROM 'a'", "SELECT"]`])
        expect(await checked(template(conditions, sql))).toMatchObject([
          { accepted: false, diagnostics: [{ code: 'SQL_SYNTAX' }] },
        ])
    }
  })

  it('takes AWS::NoValue for a field that is not there, and follows Fn::If within Fn::If', async () => {
    const sql = `!If [P, !If [Z, "SELECT", "SELECT * FROM 'a'"], !Ref AWS::NoValue]`
    const two = '{P: !Equals [!Ref Env, prod], Z: !Equals [!Ref Zone, "1"]}'
    const [{ diagnostics }] = (await checked(template(two, sql))) as [Entry]
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(['RULE_FIELD_REQUIRED', 'SQL_SYNTAX'])
  })

  it('says of actions whether they are run whichever way conditions come out', async () => {
    const actions = `Actions: [!If [P, {S3: {RoleArn: r, BucketName: b, Key: k}}, !Ref AWS::NoValue]]`
    const text = template(isProd, `"SELECT * FROM 'a'"`).replace('Actions: []', actions)
    expect(await checked(text)).toMatchObject([
      { accepted: true, deliverable: false, diagnostics: [{ code: 'RULE_ACTION_NOT_DELIVERABLE' }] },
    ])
  })

  it('says nothing of a statement that only the deployment knows, beyond that', async () => {
    const [entry] = await checked(template(isProd, '!ImportValue statement'))
    expect(entry).toMatchObject({ accepted: true, diagnostics: [{ code: 'RULE_FIELD_DEFERRED', line: 14 }] })
    expect(entry!.diagnostics).toHaveLength(1)
  })

  it('names a condition and a key of Mappings that are not there', async () => {
    const [entry] = await checked(template(isProd, `!If [X, a, b]`))
    expect(entry!.diagnostics[0]!.message).toMatch(/the condition X is decided when it is deployed/)
    const [other] = await checked(template(isProd, `!FindInMap [Topics, test, in]`))
    expect(other!.diagnostics[0]!.message).toMatch(/Mappings has no Topics\.test\.in/)
    const given = `!FindInMap [Topics, test, in, {DefaultValue: SELECT}]`
    expect((await checked(template(isProd, given)))[0]!.diagnostics).toMatchObject([{ code: 'SQL_SYNTAX' }])
  })

  it('is done soon with many conditions, and with those that refer to each other without end', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `C${index}`)
    const conditions = names.map((name, index) => `${name}: !Equals [!ImportValue i${index}, x]`).join(', ')
    const nested = names.reduceRight((inner, name) => `!If [${name}, ${inner}, "SELECT"]`, `"SELECT"`)
    const before = performance.now()
    expect((await checked(template(`{${conditions}}`, nested)))[0]!.accepted).toBeDefined()
    const loop = '{P: !Or [!Condition Q, !Condition Q], Q: !And [!Condition P, !Condition P]}'
    const fan = names.map(
      (name, index) =>
        `${name}: !Or [${Array(10)
          .fill(`!Condition C${index + 1}`)
          .join(', ')}]`,
    )
    for (const given of [loop, `{P: !Condition C0, ${fan.join(', ')}}`])
      expect(await checked(template(given, `!If [P, "SELECT", "SELECT"]`))).toMatchObject([
        { accepted: false },
      ])
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})
