import { fileURLToPath } from 'node:url'
import * as iot from '@aws-sdk/client-iot'
import * as iotData from '@aws-sdk/client-iot-data-plane'
import { motoPackages } from './boto3.ts'
import { runProcess } from './process.ts'

/** An operation by AWS's name, with its input in the members of the service model. */
export interface ApiCall {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

export interface ApiOutcome {
  /** Undefined where the client does not tell it. */
  readonly status: number | undefined
  /** What the client made of the answer; times as text. */
  readonly output?: Readonly<Record<string, unknown>>
  readonly error?: { readonly name: string; readonly message: string }
}

/** A client of AWS as it is, pointed at a server by its address alone. */
export interface ApiClient {
  readonly name: string
  /** Carries the calls out one after the other, also after one that fails. */
  run(calls: readonly ApiCall[], keys?: AccessKeys): Promise<ApiOutcome[]>
}

export interface AccessKeys {
  readonly id: string
  readonly secret: string
  readonly region: string
}

const KEYS: AccessKeys = { id: 'AKIATEST', secret: 'secret', region: 'eu-central-1' }

type Service = 'iot' | 'iot-data'

/** The three clients of a service; `endpoint` is asked for at each run. */
export function apiClients(service: Service, endpoint: () => string): ApiClient[] {
  return [
    { name: '@aws-sdk', run: (calls, keys = KEYS) => runSdk(service, endpoint(), calls, keys) },
    {
      name: 'boto3',
      run: (calls, keys = KEYS) => runPython(BOTO3, motoPackages(), service, endpoint(), calls, keys),
    },
    {
      name: 'the AWS CLI',
      run: (calls, keys = KEYS) => runPython(CLI, awsCliPackages(), service, endpoint(), calls, keys),
    },
  ]
}

async function runSdk(
  service: Service,
  endpoint: string,
  calls: readonly ApiCall[],
  keys: AccessKeys,
): Promise<ApiOutcome[]> {
  const config = {
    ...{ endpoint, region: keys.region, maxAttempts: 1 },
    credentials: { accessKeyId: keys.id, secretAccessKey: keys.secret },
  }
  const sdk = (service === 'iot' ? iot : iotData) as unknown as Record<string, new (input: unknown) => object>
  const client = (service === 'iot'
    ? new iot.IoTClient(config)
    : new iotData.IoTDataPlaneClient(config)) as unknown as {
    send(command: object): Promise<unknown>
    destroy(): void
  }
  const outcomes: ApiOutcome[] = []
  for (const { operation, input } of calls) {
    try {
      const answer: unknown = await client.send(new sdk[`${operation}Command`]!(input))
      const { $metadata, ...output } = answer as { $metadata: { httpStatusCode: number } }
      const plain = JSON.parse(JSON.stringify(output)) as Record<string, unknown>
      outcomes.push({ status: $metadata.httpStatusCode, output: plain })
    } catch (thrown) {
      const { name, message, $metadata } = thrown as Error & { $metadata?: { httpStatusCode?: number } }
      outcomes.push({ status: $metadata?.httpStatusCode, error: { name, message } })
    }
  }
  client.destroy()
  return outcomes
}

/** Input: endpoint, service, keys, calls. */
const BOTO3 = `
import json, re, sys, boto3, botocore
from botocore.config import Config
endpoint, service, keys, calls = json.load(sys.stdin)
client = boto3.client(service, endpoint_url=endpoint, region_name=keys['region'], aws_access_key_id=keys['id'],
    aws_secret_access_key=keys['secret'], config=Config(retries={'max_attempts': 0, 'mode': 'standard'}))
outcomes = []
for call in calls:
    method = getattr(client, re.sub(r'(?<!^)(?=[A-Z])', '_', call['operation']).lower())
    try:
        answer = method(**call['input'])
        status = answer.pop('ResponseMetadata')['HTTPStatusCode']
        outcomes.append({'status': status, 'output': json.loads(json.dumps(answer, default=str))})
    except botocore.exceptions.ClientError as error:
        found = error.response['Error']
        outcomes.append({'status': error.response['ResponseMetadata']['HTTPStatusCode'],
            'error': {'name': found['Code'], 'message': found['Message']}})
    except botocore.exceptions.BotoCoreError as error:
        outcomes.append({'error': {'name': type(error).__name__, 'message': str(error)}})
print(json.dumps(outcomes))
`

/** The command line's own entry point, called as often as there are calls: a process each would take a second. */
const CLI = `
import contextlib, io, json, os, re, sys
from awscli.clidriver import create_clidriver
endpoint, service, keys, calls = json.load(sys.stdin)
os.environ.update({'AWS_ACCESS_KEY_ID': keys['id'], 'AWS_SECRET_ACCESS_KEY': keys['secret'],
    'AWS_DEFAULT_REGION': keys['region'], 'AWS_MAX_ATTEMPTS': '1', 'AWS_EC2_METADATA_DISABLED': 'true',
    'AWS_CONFIG_FILE': '/nonexistent/aws', 'AWS_SHARED_CREDENTIALS_FILE': '/nonexistent/aws'})
outcomes = []
for call in calls:
    kebab = lambda name: re.sub(r'(?<!^)(?=[A-Z])', '-', name).lower()
    argv = [service, kebab(call['operation']), '--endpoint-url', endpoint, '--output', 'json']
    if call['operation'].endswith('ThingShadow'): # a stream, which the command line writes to a file
        argv += [word for name, value in call['input'].items() for word in ('--' + kebab(name), value)]
        argv.append(os.devnull)
    else:
        argv += ['--cli-input-json', json.dumps(call['input'])]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = create_clidriver().main(argv)
    text = err.getvalue().strip()
    failed = re.search(r'An error occurred \\((\\w+)\\) when calling the \\w+ operation(?: \\(.*?\\))?: ?(.*)', text, re.S)
    if code == 0:
        outcomes.append({'output': json.loads(out.getvalue() or '{}')})
    else:
        outcomes.append({'error': {'name': failed[1], 'message': failed[2]} if failed else {'name': 'client', 'message': text}})
print(json.dumps(outcomes))
`

async function runPython(
  program: string,
  packages: Promise<string>,
  service: Service,
  endpoint: string,
  calls: readonly ApiCall[],
  keys: AccessKeys,
): Promise<ApiOutcome[]> {
  const env = { ...process.env, PYTHONPATH: await packages }
  const input = JSON.stringify([endpoint, service, keys, calls])
  const { stdout } = await runProcess('python3', ['-c', program], { env, input, timeout: 230_000 })
  return JSON.parse(stdout.at(-1)!) as ApiOutcome[]
}

/** Directory of the AWS CLI's Python packages, fetched by pip the first time. */
export async function awsCliPackages(): Promise<string> {
  const script = fileURLToPath(new URL('../../scripts/awscli.mjs', import.meta.url))
  const { stdout } = await runProcess(process.execPath, [script], { timeout: 600_000 })
  return stdout.at(-1)!
}

/** Runs `aws` with these arguments in a process of its own; resolves with what it wrote on stdout. */
export async function awsCli(args: readonly string[], keys: AccessKeys = KEYS): Promise<string> {
  const env = {
    ...{ ...process.env, PYTHONPATH: await awsCliPackages() },
    ...{ AWS_ACCESS_KEY_ID: keys.id, AWS_SECRET_ACCESS_KEY: keys.secret, AWS_DEFAULT_REGION: keys.region },
    ...{
      AWS_CONFIG_FILE: '/nonexistent/aws',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/aws',
      AWS_MAX_ATTEMPTS: '1',
    },
  }
  const { stdout } = await runProcess('python3', ['-m', 'awscli', ...args], { env, timeout: 60_000 })
  return stdout.join('\n')
}
