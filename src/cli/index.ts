export { type CommandSpec, type OptionSpec } from './command.ts'
export { commands, runCli } from './program.ts'
