import { CONFIG_FILE_VARIABLE, type Config, loadConfig } from '../config/index.ts'
import { note } from './command.ts'
import { renderFault } from './diagnostics.ts'

/** The file that the option --config names, or TOPICRULE_CONFIG. */
export function configFile(
  option: unknown,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return (option as string | undefined) ?? environment[CONFIG_FILE_VARIABLE]
}

/**
 * Reads the configuration that the option --config names, or TOPICRULE_CONFIG, or the defaults. Faults and, unless
 * `warn` is false, warnings go to stderr.
 * @returns undefined when there are faults
 */
export function readConfig(
  option: unknown,
  environment: NodeJS.ProcessEnv = process.env,
  { warn = true } = {},
): Config | undefined {
  const file = configFile(option, environment)
  const loaded = loadConfig(file, environment)
  for (const found of loaded.ok ? (warn ? loaded.warnings : []) : loaded.diagnostics)
    note(renderFault(found, file))
  return loaded.ok ? loaded.config : undefined
}
