import { type Role } from './access.ts'

/** What an operation of the control API does. */
export type Permission = 'read' | 'change'

const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ['read', 'change'],
  rules: ['read', 'change'],
  read: ['read'],
  publish: [],
}

/** Whether a role may use an operation of the control API that only reads, or one that changes something. */
export function may(role: Role, permission: Permission): boolean {
  return permissions[role].includes(permission)
}

/** Whether a role sees documents as they are stored; others see secrets masked. */
export function seesSecrets(role: Role): boolean {
  return may(role, 'change')
}
