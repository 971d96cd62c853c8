export {
  type AccessRefusal,
  type AccessRequest,
  type Authenticate,
  type Authentication,
  type Caller,
  type CallerCertificate,
  type Role,
} from './access.ts'
export { type Audit, type AuditEntry } from './audit.ts'
export { may, type Permission, seesSecrets } from './roles.ts'
