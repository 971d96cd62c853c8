export { checkProperties, propertyPath } from './check.ts'
export { type ClientPropertySpec, type PropertyCondition } from './property.ts'
export { clientProperties } from './table.ts'
