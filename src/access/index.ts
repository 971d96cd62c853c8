export {
  type AccessRefusal,
  type AccessRequest,
  type Authenticate,
  type Authentication,
  type Caller,
  type CallerCertificate,
  type Role,
} from './access.ts'
export { AuditFile } from './audit-file.ts'
export { type Audit, type AuditEntry, type AuditLine, auditLine } from './audit.ts'
export { type Change, difference } from './difference.ts'
export {
  type AccessCertificate,
  type AccessHead,
  type AccessSettings,
  type AccessToken,
  Gate,
  type GateOptions,
  type Pending,
} from './gate.ts'
export { findMask, MASK, maskSecrets, type SecretField } from './mask.ts'
export { may, type Permission, seesSecrets } from './roles.ts'
export { type AccessKey } from './sigv4/verify.ts'
export { isBearer, isSigned } from './sigv4/claim.ts'
