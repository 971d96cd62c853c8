import { type Config, kafkaExtensions } from '../../config/index.ts'
import { functionSpecs } from '../../sql/index.ts'
import { CONFIG_OPTION, note, type OptionSpec } from '../command.ts'
import { configFile, readConfig } from '../read-config.ts'
import { type RuleSettings, ruleSettings } from '../rule-settings.ts'
import { describeFailure, environmentEndpoint, RemoteRules } from './remote.ts'

/** Options of every command of the group: where the rules are, and who asks. */
export const SERVICE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--endpoint <url>',
    description:
      'Address of the control API; without it the control address of the configuration, or, where none is named, AWS_ENDPOINT_URL_IOT or AWS_ENDPOINT_URL.',
  },
  { flags: '--aws', description: 'AWS IoT itself, with the credentials and region that AWS tools use.' },
  {
    flags: '--region <name>',
    description:
      "Region of AWS, or that requests to a server are signed for; without it account.region of the server's configuration.",
  },
  { flags: '--profile <name>', description: 'Profile of ~/.aws to sign with.' },
  { flags: '--token-file <file>', description: 'File with a bearer token for the server.' },
  { flags: '--ca <file>', description: 'Authorities (PEM) to trust for https.' },
  { flags: '--cert <file>', description: 'Client certificate (PEM), with --key.' },
  { flags: '--key <file>', description: 'Its private key (PEM).' },
  CONFIG_OPTION,
]

export const SKIP_CHECK_OPTION: OptionSpec = {
  flags: '--skip-check',
  description: 'Leave checking the documents to the service.',
}

type Options = Readonly<Record<string, unknown>>

/**
 * Runs `work` with the rule service that the options name. What it throws becomes words.
 * @returns what `work` returns, 1 where the service refused something, 2 where it could not be asked
 */
export async function withService(
  options: Options,
  work: (service: RemoteRules) => Promise<number>,
): Promise<number> {
  const text = options as Readonly<Record<string, string | undefined>>
  const isAws = options['aws'] === true
  if (isAws && text['endpoint'] !== undefined) {
    note('--aws and --endpoint name two services; leave one out.')
    return 2
  }
  if ((text['cert'] === undefined) !== (text['key'] === undefined)) {
    note('--cert and --key belong together.')
    return 2
  }
  const config = isAws ? undefined : readConfig(options['config'], process.env, { warn: false })
  if (!isAws && config === undefined) return 2
  // A configuration that is named says where its server is; the environment does where nothing else does.
  const isUnsaid = text['endpoint'] === undefined && configFile(options['config']) === undefined
  const told = isUnsaid ? environmentEndpoint() : text['endpoint']
  const endpoint = isAws ? undefined : endpointOf(told, config!)
  if (!isAws && endpoint === undefined) {
    note(
      `${isUnsaid ? 'AWS_ENDPOINT_URL' : '--endpoint'} is ${told}; it takes an address such as http://127.0.0.1:8090.`,
    )
    return 2
  }
  let where = endpoint ?? 'AWS IoT'
  try {
    const { profile, tokenFile, ca, cert, key } = text
    const region = regionOf(text['region'], told, config)
    const service = await RemoteRules.connect({ endpoint, region, profile, tokenFile, ca, cert, key })
    where = service.where
    try {
      return await work(service)
    } finally {
      service.close()
    }
  } catch (error) {
    const { reached, text: reason } = describeFailure(error)
    note(reached ? `${where} answered ${reason}` : `${where} cannot be asked: ${reason}`)
    return reached ? 1 : 2
  }
}

function endpointOf(given: string | undefined, config: Config): string | undefined {
  if (given !== undefined)
    return URL.canParse(given) && /^https?:$/.test(new URL(given).protocol) ? given : undefined
  const { host, port } = config.control
  const scheme = 'tls' in config.control && config.control.tls !== undefined ? 'https' : 'http'
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

/** Undefined leaves it to the SDK. */
function regionOf(
  given: string | undefined,
  endpoint: string | undefined,
  config: Config | undefined,
): string | undefined {
  if (given !== undefined || config === undefined) return given
  const { AWS_REGION } = process.env
  return endpoint !== undefined && AWS_REGION !== undefined && AWS_REGION !== ''
    ? AWS_REGION
    : config.account.region
}

/**
 * How documents are checked before they are sent: for AWS as AWS does; else as the configuration says, or, where none
 * is named, with everything allowed that a server may allow. Undefined, and told, where the configuration has faults.
 */
export function checkSettings(options: Options): RuleSettings | undefined {
  const services = new Set(functionSpecs.filter(({ effect }) => effect === 'remote').map(({ name }) => name))
  if (options['aws'] === true) return { services }
  if (configFile(options['config']) === undefined) return { services, extensions: [...kafkaExtensions] }
  const config = readConfig(options['config'])
  return config && ruleSettings(config)
}
