import {
  type GetSecretValueCommandOutput,
  type SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager'
import {
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  type STSClient,
} from '@aws-sdk/client-sts'
import { awsFault } from './aws-faults.ts'
import { Content, type Fetched, type LookUp, type SecretBackend, secretFailure } from './backend.ts'
import { type RoleCredentials, Roles } from './roles.ts'

export interface AwsOptions {
  /** Undefined: as the SDK finds it (AWS_REGION, the shared configuration, the instance). */
  readonly region: string | undefined
  /** Undefined: that of AWS in the region. */
  readonly endpoint: string | undefined
  readonly stsEndpoint: string | undefined
}

const CONNECT_MS = 3_000
const REQUEST_MS = 10_000
const ATTEMPTS = 3

/**
 * Secrets of AWS Secrets Manager, found by name, ARN or partial ARN; with a role by a session of that role.
 * Credentials come from the SDK's standard chain.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export class AwsBackend implements SecretBackend {
  readonly keyed = false
  readonly #clients: AwsClients
  readonly #roles: Roles

  constructor(options: AwsOptions) {
    this.#clients = new AwsClients(options)
    this.#roles = new Roles(this.#clients, Date.now)
  }

  async fetch({ id, roleArn }: LookUp): Promise<Fetched> {
    if (roleArn === undefined) return this.#get(id, undefined)
    const assumed = await this.#roles.assume(roleArn, id)
    if (!assumed.ok) return assumed
    const fetched = await this.#get(id, assumed.credentials)
    if (!fetched.ok && fetched.failure.code === 'SECRET_CREDENTIALS') this.#roles.forget(roleArn)
    return fetched
  }

  close(): void {
    this.#clients.close()
  }

  async #get(id: string, credentials: RoleCredentials | undefined): Promise<Fetched> {
    try {
      const content = contentOf(await this.#clients.getSecretValue(id, credentials))
      if (content !== undefined) return { ok: true, content }
      return secretFailure('SECRET_NOT_FOUND', 'rule', id, 'Secrets Manager has no value for it.')
    } catch (error) {
      const { code, class: whose, sentence } = awsFault(error)
      return secretFailure(code, whose, id, sentence)
    }
  }
}

function contentOf({ SecretString, SecretBinary }: GetSecretValueCommandOutput): Content | undefined {
  if (SecretString !== undefined) return Content.ofText(SecretString)
  return SecretBinary === undefined ? undefined : Content.ofBytes(Buffer.from(SecretBinary))
}

/** The SDK's clients, loaded at the first use: they cost start-up time that a server without secrets need not pay. */
export class AwsClients {
  readonly #options: AwsOptions
  #own: Promise<SecretsManagerClient> | undefined
  #sts: Promise<STSClient> | undefined

  constructor(options: AwsOptions) {
    this.#options = options
    // The SDK announces Node releases it will drop as text on standard error, where the log has a JSON object a line.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  }

  /** @throws errors of the SDK */
  async getSecretValue(
    id: string,
    credentials: RoleCredentials | undefined,
  ): Promise<GetSecretValueCommandOutput> {
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
    const command = new GetSecretValueCommand({ SecretId: id })
    if (credentials === undefined)
      return (await (this.#own ??= this.#secretsManager(undefined))).send(command)
    const client = await this.#secretsManager(credentials)
    try {
      return await client.send(command)
    } finally {
      client.destroy()
    }
  }

  /** @throws errors of the SDK */
  async assumeRole(input: AssumeRoleCommandInput): Promise<AssumeRoleCommandOutput> {
    const { AssumeRoleCommand, STSClient: Client } = await import('@aws-sdk/client-sts')
    this.#sts ??= Promise.resolve(new Client(this.#settings(this.#options.stsEndpoint)))
    return (await this.#sts).send(new AssumeRoleCommand(input))
  }

  close(): void {
    void this.#own?.then((client) => client.destroy())
    void this.#sts?.then((client) => client.destroy())
  }

  async #secretsManager(credentials: RoleCredentials | undefined): Promise<SecretsManagerClient> {
    const { SecretsManagerClient: Client } = await import('@aws-sdk/client-secrets-manager')
    return new Client({
      ...this.#settings(this.#options.endpoint),
      ...(credentials !== undefined && { credentials }),
    })
  }

  #settings(
    endpoint: string | undefined,
  ): Pick<SecretsManagerClientConfig, 'region' | 'endpoint' | 'maxAttempts' | 'requestHandler'> {
    const { region } = this.#options
    return {
      maxAttempts: ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECT_MS,
        requestTimeout: REQUEST_MS,
        throwOnRequestTimeout: true,
      },
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
    }
  }
}
