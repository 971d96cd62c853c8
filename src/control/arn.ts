/** The account and region that ARNs name. */
export interface Account {
  readonly id: string
  readonly region: string
}

const RULE = /^arn:[^:]+:iot:([^:]*):([^:]*):rule\/([a-zA-Z0-9_]{1,128})$/

export function ruleArn({ id, region }: Account, name: string): string {
  return `arn:aws:iot:${region}:${id}:rule/${name}`
}

/** The name of the rule that an ARN of this account and region names, or undefined. */
export function ruleOfArn({ id, region }: Account, arn: string): string | undefined {
  const [, inRegion, inAccount, name] = RULE.exec(arn) ?? []
  return inRegion === region && inAccount === id ? name : undefined
}
