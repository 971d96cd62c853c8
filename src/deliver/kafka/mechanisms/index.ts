import { gssapi } from './gssapi.ts'
import { type MechanismSpec } from './mechanism.ts'
import { oauthbearer } from './oauthbearer.ts'
import { plain } from './plain.ts'
import { scramSha256 } from './scram-sha-256.ts'
import { scramSha512 } from './scram-sha-512.ts'

export { ENDPOINT_TRUSTSTORE } from './oauthbearer.ts'
export { type MechanismSpec, type Settings, textOf } from './mechanism.ts'

export const mechanisms: readonly MechanismSpec[] = [plain, scramSha512, gssapi, scramSha256, oauthbearer]
