import { type Value, readJson, wholeToInt } from '../../value/index.ts'
import { bytesOfBase64, schemeProblem, textOfBase64 } from './base64.ts'
import { defineFunction, optional, param } from './define.ts'
import { type CallArgument, type CallProblem, type Preparation, type ProtobufSource } from './spec.ts'
import { quoteShort } from '../reasons/describe.ts'

export const decode = defineFunction({
  name: 'decode',
  since: '2016-03-23',
  summary:
    'Decodes base64 text to the JSON value it holds or to a string, or a protobuf message to an object.',
  params: [
    param('value', 'String', 'What to decode.'),
    param('scheme', 'String', "The encoding: 'base64', or 'proto' for a protobuf message in base64."),
    optional(
      'bucket',
      'String',
      "For 'proto': directory of the descriptor, an S3 bucket on AWS; these four must be constants.",
    ),
    optional('object', 'String', "For 'proto': file of the descriptor in it, an object key on AWS."),
    optional('file', 'String', "For 'proto': name of the .proto file, with or without its extension."),
    optional('message', 'String', "For 'proto': name of the message type in it."),
  ],
  returns: 'Any',
  effect: 'pure',
  work: { call: 40, text: 30 },
  evaluate: (value, scheme, bucket) =>
    scheme === 'base64' && bucket === undefined ? decodeText(value) : undefined,
  prepare: (call, _version, { protobuf }) =>
    isProtobuf(call) ? prepareProtobuf(call, protobuf) : { problems: schemeProblem('decode', call[1]!) },
  whyUndefined: (value, scheme) => {
    if (scheme === 'proto') return 'the scheme proto must be a constant'
    if (scheme !== 'base64') return `there is no scheme ${quoteShort(scheme)}`
    return textOfBase64(value) === undefined
      ? `${quoteShort(value)} is no base64, or its bytes are no UTF-8`
      : undefined
  },
  examples: [
    ["decode('aGVsbG8=', 'base64')", 'hello'],
    ["decode('eyJ0IjogMzN9', 'base64').t", 33],
    ["decode('ODA=', 'base64')", 80],
    ["decode('!', 'base64')", null],
  ],
  notes: [
    "Null when the text is no base64, its bytes are no UTF-8 or, with 'proto', no such message.",
    "'proto' needs `services.protobuf` in the configuration; without it, a rule that uses it is refused. A statement may use it twice.",
  ],
  source: 'iot-sql-functions.html#iot-sql-decode-base64',
})

/** True for a call that decodes protobuf messages. */
export function isProtobuf(call: readonly CallArgument[]): boolean {
  return call[1]?.constant === true && call[1].value === 'proto'
}

/** Finds the message type now, so that no message has to. */
function prepareProtobuf(call: readonly CallArgument[], source: ProtobufSource | undefined): Preparation {
  if (source === undefined) {
    const message = "decode() with 'proto' has no descriptors: set services.protobuf.directory."
    return refused({ code: 'SQL_FUNCTION_UNAVAILABLE', severity: 'error', message, argument: 1 })
  }
  const names = call.slice(2).map(({ value }) => value)
  const [bucket, key, file, typeName] = names.filter((name) => typeof name === 'string')
  if (names.length !== 4 || typeName === undefined) {
    const message =
      "decode() with 'proto' needs bucket, object key, file and message type, each as a constant String."
    return refused({ code: 'SQL_PROTOBUF_DESCRIPTOR', severity: 'error', message })
  }
  const opened = source.open(bucket!, key!, file!, typeName)
  if (!opened.ok) {
    const message = `decode() cannot use its descriptor: ${opened.reason}.`
    return refused({ code: 'SQL_PROTOBUF_DESCRIPTOR', severity: 'error', message, argument: 3 })
  }
  const { message } = opened
  if (call[0]!.star === true) return { evaluator: (scope) => message.decode(scope.payload.bytes) }
  return {
    evaluate: (value: string) => {
      const bytes = bytesOfBase64(value)
      return bytes === undefined ? null : wholeToInt(message.decode(bytes))
    },
  }
}

function refused(problem: CallProblem): Preparation {
  return { problems: [problem] }
}

function decodeText(value: string): Value {
  const text = textOfBase64(value)
  if (text === undefined) return null
  const json = readJson(text)
  return json.ok ? wholeToInt(json.value) : text
}
