import { fileURLToPath } from 'node:url'
import { runProcess } from './process.ts'

/** Directory of moto's Python packages, boto3 among them, fetched by pip the first time. */
export async function motoPackages(): Promise<string> {
  const script = fileURLToPath(new URL('../../scripts/moto.mjs', import.meta.url))
  const { stdout } = await runProcess(process.execPath, [script], { timeout: 600_000 })
  return stdout.at(-1)!
}

/** How a call of boto3's `iot-data` client ended: the body of its answer, or the error by name. */
export interface Boto3Outcome {
  readonly status: number
  readonly error?: { readonly name: string; readonly message: string; readonly isModelled: boolean }
}

const PROGRAM = `
import json, sys, base64, boto3, botocore
from botocore.config import Config
endpoint, calls = json.load(sys.stdin)
client = boto3.client('iot-data', endpoint_url=endpoint, region_name='eu-central-1', aws_access_key_id='AKIATEST',
    aws_secret_access_key='secret', config=Config(retries={'max_attempts': 0, 'mode': 'standard'}))
outcomes = []
for operation, arguments in calls:
    if 'payload' in arguments: arguments['payload'] = base64.b64decode(arguments['payload'])
    try:
        answer = getattr(client, operation)(**arguments)
        outcomes.append({'status': answer['ResponseMetadata']['HTTPStatusCode']})
    except botocore.exceptions.ClientError as error:
        name = error.response['Error']['Code']
        outcomes.append({'status': error.response['ResponseMetadata']['HTTPStatusCode'], 'error': {
            'name': name, 'message': error.response['Error']['Message'], 'isModelled': type(error).__name__ == name}})
print(json.dumps(outcomes))
`

/** Calls operations (name in snake case, arguments; a payload in base64) of the AWS SDK for Python, one after the other. */
export async function callIotData(
  endpoint: string,
  calls: readonly (readonly [operation: string, args: Readonly<Record<string, unknown>>])[],
): Promise<Boto3Outcome[]> {
  const env = { ...process.env, PYTHONPATH: await motoPackages() }
  const input = JSON.stringify([endpoint, calls])
  const { stdout } = await runProcess('python3', ['-c', PROGRAM], { env, input, timeout: 60_000 })
  return JSON.parse(stdout.at(-1)!) as Boto3Outcome[]
}
