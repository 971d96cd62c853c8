import { Converter, type ConvertedRule, type Form } from './converter.ts'
import { isRecord, resolveIntrinsic, type Template } from './intrinsics.ts'
import { type Step } from './origins.ts'

type Members = Record<string, unknown>

export function isCloudFormation(document: unknown): document is Members {
  return isRecord(document) && isRecord(document['Resources'])
}

/**
 * The rules of a CloudFormation or SAM template: `AWS::IoT::TopicRule`, and events of the type `IoTRule` of an
 * `AWS::Serverless::Function`.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-topicrule.html,
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-iotrule.html
 */
export function rulesOfTemplate(document: Members): ConvertedRule[] {
  const template: Template = {
    parameters: membersOf(document['Parameters']),
    mappings: membersOf(document['Mappings']),
  }
  return Object.entries(membersOf(document['Resources'])).flatMap(([id, resource]) => {
    const { Type: type, Properties: properties } = membersOf(resource)
    const at = ['Resources', id, 'Properties']
    if (type === 'AWS::IoT::TopicRule') return [topicRule(id, membersOf(properties), at, template)]
    if (type === 'AWS::Serverless::Function') return functionRules(id, membersOf(properties), at, template)
    return []
  })
}

function topicRule(id: string, properties: Members, at: readonly Step[], template: Template): ConvertedRule {
  const converter = new Converter(formOf(template))
  const { RuleName: given, TopicRulePayload: payload } = properties
  const resolved = given === undefined ? undefined : resolveIntrinsic(given, template)
  const value = resolved?.kind === 'known' ? resolved.value : resolved?.kind === 'plain' ? given : undefined
  const name = typeof value === 'string' ? value : id
  converter.origins.set([], at)
  converter.origins.set(['ruleName'], given === undefined ? at : [...at, 'RuleName'])
  const target = ['topicRulePayload']
  const topicRulePayload = converter.convert(payload ?? {}, [...at, 'TopicRulePayload'], target)
  return { name, document: { ruleName: name, topicRulePayload }, ...foundBy(converter) }
}

/** SAM makes a rule with a Lambda action of each event. */
function functionRules(
  id: string,
  { Events: events }: Members,
  at: readonly Step[],
  template: Template,
): ConvertedRule[] {
  return Object.entries(membersOf(events)).flatMap(([event, given]) => {
    const { Type: type, Properties: properties } = membersOf(given)
    if (type !== 'IoTRule') return []
    const converter = new Converter(formOf(template))
    const source = [...at, 'Events', event, 'Properties']
    const name = `${id}${event}`
    converter.origins.set(['ruleName'], source)
    const payload = converter.convert(membersOf(properties), source, ['topicRulePayload'])
    const actions = [{ lambda: { functionArn: id } }]
    const topicRulePayload = { ...membersOf(payload), actions }
    return [{ name, document: { ruleName: name, topicRulePayload }, ...foundBy(converter) }]
  })
}

function foundBy({ origins, diagnostics }: Converter): Pick<ConvertedRule, 'origins' | 'diagnostics'> {
  return { origins, diagnostics }
}

function formOf(template: Template): Form {
  return {
    rename: (key, parents) => (parents.includes('clientProperties') ? key : lowerFirst(key)),
    resolve: (value) => resolveIntrinsic(value, template),
  }
}

function lowerFirst(key: string): string {
  return key.slice(0, 1).toLowerCase() + key.slice(1)
}

function membersOf(value: unknown): Members {
  return isRecord(value) ? value : {}
}
