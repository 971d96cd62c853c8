import { type Value, readJson, wholeToInt } from '../../value/index.ts'
import { schemeProblem, textOfBase64 } from './base64.ts'
import { defineFunction, optional, param } from './define.ts'
import { type CallProblem } from './spec.ts'
import { quoteShort } from '../reasons/describe.ts'

export const decode = defineFunction({
  name: 'decode',
  since: '2016-03-23',
  summary: 'Decodes text to the JSON value it holds, or to a string.',
  params: [
    param('value', 'String', 'What to decode.'),
    param('scheme', 'String', "The encoding: 'base64'."),
    optional('bucket', 'String', "Where 'proto' finds its descriptor."),
    optional('object', 'String', "Name of the descriptor for 'proto'."),
    optional('file', 'String', "Name of the .proto file for 'proto'."),
    optional('message', 'String', "Name of the message type for 'proto'."),
  ],
  returns: 'Any',
  effect: 'pure',
  work: { call: 40, text: 10 },
  evaluate: (value, scheme, bucket) =>
    scheme === 'base64' && bucket === undefined ? decodeText(value) : undefined,
  prepare: ([, scheme]) => {
    if (scheme!.constant && scheme!.value === 'proto') return { problems: [protobufUnavailable] }
    return { problems: schemeProblem('decode', scheme!) }
  },
  whyUndefined: (value, scheme) => {
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
  notes: ['Null when the text is no base64 or its bytes are no UTF-8.'],
  source: 'iot-sql-functions.html#iot-sql-decode-base64',
})

const protobufUnavailable: CallProblem = {
  code: 'SQL_FUNCTION_UNAVAILABLE',
  severity: 'error',
  message: "decode() with 'proto' cannot be used: this release has no source of protobuf descriptors.",
  argument: 1,
}

function decodeText(value: string): Value {
  const text = textOfBase64(value)
  if (text === undefined) return null
  const json = readJson(text)
  return json.ok ? wholeToInt(json.value) : text
}
