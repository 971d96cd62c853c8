import { CONFIG_FILE_VARIABLE, type Config, loadConfig } from '../config/index.ts'
import { note } from './command.ts'
import { renderFault } from './diagnostics.ts'

/**
 * Reads the configuration that the option --config names, or TOPICRULE_CONFIG, or the defaults. Faults and warnings
 * go to stderr.
 * @returns undefined when there are faults
 */
export function readConfig(
  option: unknown,
  environment: NodeJS.ProcessEnv = process.env,
): Config | undefined {
  const file = (option as string | undefined) ?? environment[CONFIG_FILE_VARIABLE]
  const loaded = loadConfig(file, environment)
  for (const found of loaded.ok ? loaded.warnings : loaded.diagnostics) note(renderFault(found, file))
  return loaded.ok ? loaded.config : undefined
}
