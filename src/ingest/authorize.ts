/** Who a connection is, as far as its listener has verified it. */
export interface Identity {
  /** Undefined over HTTP, which has none. */
  readonly clientId: string | undefined
  /** Verified user name. */
  readonly username: string | undefined
  /** Verified client certificate. */
  readonly certificate: CertificateIdentity | undefined
}

export interface CertificateIdentity {
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string
  readonly commonName: string | undefined
}

/**
 * One line of the access list. Omitted selectors match everyone. Topic patterns are MQTT filters whose levels may
 * contain `${clientId}`, `${username}` and `${cert:CN}`.
 */
export interface AclRule {
  readonly effect: 'allow' | 'deny'
  readonly users?: readonly string[]
  readonly clientIds?: readonly string[]
  /** Fingerprints or common names of client certificates. */
  readonly certificates?: readonly string[]
  readonly topics: readonly string[]
}

/** Decides whether the connection it was made for may publish to a topic. */
export type Authorizer = (topic: string) => boolean

type Level = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'one' | 'rest' }

interface Pattern {
  readonly allow: boolean
  readonly levels: readonly Level[]
}

const REMEMBERED = 64
const VARIABLE = /\$\{([^}]*)\}/g
const ONE: Level = { kind: 'one' }
const REST: Level = { kind: 'rest' }

/** @returns what is wrong with a topic pattern of an access list, or undefined */
export function checkAclTopic(pattern: string): string | undefined {
  if (pattern.length === 0) return 'the topic pattern is empty'
  const levels = pattern.split('/')
  for (const [index, level] of levels.entries()) {
    if (level === '+') continue
    if (level === '#' && index === levels.length - 1) continue
    for (const match of level.matchAll(VARIABLE)) {
      if (!['clientId', 'username', 'cert:CN'].includes(match[1]!)) {
        return `\${${match[1]}} is not a variable; \${clientId}, \${username} and \${cert:CN} are`
      }
    }
    const literal = level.replaceAll(VARIABLE, '')
    if (literal.includes('+') || literal.includes('#')) return `wildcards must fill a level, not "${level}"`
  }
  return undefined
}

/** Compiles an access list for one connection. Without a list everything is allowed; with one, what no rule names is denied. */
export function createAuthorizer(rules: readonly AclRule[] | undefined, identity: Identity): Authorizer {
  if (rules === undefined) return () => true
  const patterns = rules
    .filter((rule) => applies(rule, identity))
    .flatMap((rule) => rule.topics.map((topic) => compile(topic, rule.effect === 'allow', identity)))
    .filter((pattern) => pattern !== undefined)
  const remembered = new Map<string, boolean>()
  return (topic) => {
    const known = remembered.get(topic)
    if (known !== undefined) return known
    const decided = decide(patterns, topic.split('/'))
    if (remembered.size >= REMEMBERED) remembered.clear()
    remembered.set(topic, decided)
    return decided
  }
}

function applies(rule: AclRule, { clientId, username, certificate }: Identity): boolean {
  if (rule.users !== undefined && (username === undefined || !rule.users.includes(username))) return false
  if (rule.clientIds !== undefined && (clientId === undefined || !rule.clientIds.includes(clientId)))
    return false
  if (rule.certificates === undefined) return true
  if (certificate === undefined) return false
  const { fingerprint, commonName } = certificate
  return rule.certificates.some((name) => name.toLowerCase() === fingerprint || name === commonName)
}

/**
 * A value that is missing, empty or holds a character with a meaning in filters must not widen an allowed pattern:
 * it then matches nothing. In a denied pattern it denies the whole branch, for a denial must fail closed.
 */
function compile(topic: string, allow: boolean, identity: Identity): Pattern | undefined {
  const levels: Level[] = []
  for (const level of topic.split('/')) {
    if (level === '+') levels.push(ONE)
    else if (level === '#') levels.push(REST)
    else {
      const text = substitute(level, identity)
      if (text !== undefined) levels.push({ kind: 'text', text })
      else if (allow) return undefined
      else return { allow, levels: [...levels, REST] }
    }
  }
  return { allow, levels }
}

function substitute(level: string, { clientId, username, certificate }: Identity): string | undefined {
  let usable = true
  const text = level.replaceAll(VARIABLE, (_, name: string) => {
    const value = name === 'clientId' ? clientId : name === 'username' ? username : certificate?.commonName
    if (value === undefined || value === '' || /[+#/\u0000]/.test(value)) usable = false
    return value ?? ''
  })
  return usable ? text : undefined
}

function decide(patterns: readonly Pattern[], topic: readonly string[]): boolean {
  for (const pattern of patterns) if (matches(pattern.levels, topic)) return pattern.allow
  return false
}

function matches(levels: readonly Level[], topic: readonly string[]): boolean {
  for (const [index, level] of levels.entries()) {
    if (level.kind === 'rest') return true
    if (index >= topic.length) return false
    if (level.kind === 'text' && level.text !== topic[index]) return false
  }
  return levels.length === topic.length
}
