import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { motoPackages } from './boto3.ts'
import { freePorts } from './ports.ts'
import { startProcess, type RunningProcess } from './process.ts'

/** moto: a server that answers as Secrets Manager and STS do. */
export interface SecretsManager {
  /** URL of both services. */
  readonly endpoint: string
  /** Returns the ARN. */
  create(name: string, value: string | Buffer): Promise<string>
  put(name: string, value: string | Buffer): Promise<void>
  delete(name: string): Promise<void>
  stop(): Promise<void>
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>
}

/** Variables that the AWS SDK's standard chain finds credentials and region in. */
export const awsVariables: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
  AWS_SECRET_ACCESS_KEY: 'aws-secret-access-key-of-tests',
  AWS_REGION: 'eu-central-1',
}

/** Starts moto on a free port of the loopback interface. */
export async function startSecretsManager(): Promise<SecretsManager> {
  const packages = await motoPackages()
  const [port] = await freePorts(1)
  const endpoint = `http://127.0.0.1:${port}`
  let running: RunningProcess | undefined
  const launch = async (): Promise<void> => {
    running = startProcess('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
      env: { ...process.env, PYTHONPATH: packages },
    })
    await running.line(/Running on http/, 60_000)
  }
  await launch()
  const client = new SecretsManagerClient({
    endpoint,
    region: awsVariables['AWS_REGION']!,
    credentials: {
      accessKeyId: awsVariables['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: awsVariables['AWS_SECRET_ACCESS_KEY']!,
    },
  })
  const valueOf = (value: string | Buffer): { SecretString: string } | { SecretBinary: Buffer } =>
    typeof value === 'string' ? { SecretString: value } : { SecretBinary: value }
  return {
    endpoint,
    async create(name, value) {
      const { ARN } = await client.send(new CreateSecretCommand({ Name: name, ...valueOf(value) }))
      return ARN!
    },
    async put(name, value) {
      await client.send(new PutSecretValueCommand({ SecretId: name, ...valueOf(value) }))
    },
    async delete(name) {
      await client.send(new DeleteSecretCommand({ SecretId: name }))
    },
    async stop() {
      await running?.kill9()
    },
    restart: launch,
  }
}
