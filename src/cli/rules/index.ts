export { rulesApply } from './apply.ts'
export { rulesDelete, rulesDisable, rulesEnable, rulesGet, rulesList, rulesPut } from './commands.ts'
