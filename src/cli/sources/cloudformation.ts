import { Converter, type ConvertedRule, type Form } from './converter.ts'
import { waysOf } from './conditions.ts'
import { isRecord, resolveIntrinsic, resolveValue, type Template } from './intrinsics.ts'
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
    conditions: membersOf(document['Conditions']),
    decide: () => undefined,
  }
  return Object.entries(membersOf(document['Resources'])).flatMap(([id, resource]) => {
    const { Type: type, Properties: given, Condition: condition } = membersOf(resource)
    const properties = membersOf(given)
    const at = ['Resources', id, 'Properties']
    if (type === 'AWS::IoT::TopicRule') {
      const [rule, ...variants] = waysOf(template, properties, condition).map((way) =>
        topicRule(id, properties, at, way),
      )
      return [{ ...rule!, variants }]
    }
    if (type === 'AWS::Serverless::Function') return functionRules(id, properties, condition, template)
    return []
  })
}

function topicRule(id: string, properties: Members, at: readonly Step[], template: Template): ConvertedRule {
  const converter = new Converter(formOf(template))
  const { RuleName: given, TopicRulePayload: payload } = properties
  const resolved = resolveValue(given, template, 0)
  const name = resolved.kind === 'known' && typeof resolved.value === 'string' ? resolved.value : id
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
  condition: unknown,
  template: Template,
): ConvertedRule[] {
  return Object.entries(membersOf(events)).flatMap(([event, given]) => {
    const { Type: type, Properties: properties } = membersOf(given)
    if (type !== 'IoTRule') return []
    const [rule, ...variants] = waysOf(template, properties, condition).map((way) =>
      functionRule(id, event, membersOf(properties), way),
    )
    return [{ ...rule!, variants }]
  })
}

function functionRule(id: string, event: string, properties: Members, template: Template): ConvertedRule {
  const converter = new Converter(formOf(template))
  const source = ['Resources', id, 'Properties', 'Events', event, 'Properties']
  const name = `${id}${event}`
  converter.origins.set(['ruleName'], source)
  const payload = converter.convert(properties, source, ['topicRulePayload'])
  const actions = [{ lambda: { functionArn: id } }]
  const topicRulePayload = { ...membersOf(payload), actions }
  return { name, document: { ruleName: name, topicRulePayload }, ...foundBy(converter) }
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
