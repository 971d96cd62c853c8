export { type CommandSpec, type OptionSpec } from './command.ts'
export { loadCommands, runCli } from './program.ts'
