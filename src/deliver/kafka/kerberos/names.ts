/** Names that go into krb5.conf and on the command line of kinit; none may carry syntax of either. */
const REALM = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$/
const COMPONENT = /^[A-Za-z0-9_.$+][A-Za-z0-9_.$+-]{0,254}$/
const HOST =
  /^(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?\.?)(?::(\d{1,5}))?$/
const MAX_KDCS = 10
const MAX_COMPONENTS = 5

/** What is wrong with a realm, as the end of the sentence "<name> …"; undefined when nothing is. */
export function realmFault(value: string): string | undefined {
  return REALM.test(value) ? undefined : 'must be a realm of letters, digits, dots, hyphens and underscores'
}

/** What is wrong with the service name under which Kafka runs, the part of its principal before the slash. */
export function serviceNameFault(value: string): string | undefined {
  return COMPONENT.test(value)
    ? undefined
    : 'must be one name, without slash and realm, such as kafka (what stands before the slash in the principal of the broker)'
}

/** What is wrong with a client principal: `name`, `name/instance`, either with `@REALM`. */
export function principalFault(value: string): string | undefined {
  const [name = '', realm, ...rest] = value.split('@')
  const components = name.split('/')
  const sound =
    rest.length === 0 &&
    components.length <= MAX_COMPONENTS &&
    components.every((each) => COMPONENT.test(each)) &&
    (realm === undefined || REALM.test(realm))
  return sound ? undefined : 'must be a principal such as name, name/instance or name@REALM'
}

/** What is wrong with a list of key distribution centres, `host` or `host:port` separated by commas. */
export function kdcFault(value: string): string | undefined {
  const kdcs = kdcsOf(value)
  if (kdcs.length > MAX_KDCS) return `names ${kdcs.length} hosts; the limit is ${MAX_KDCS}`
  for (const kdc of kdcs) {
    const match = HOST.exec(kdc)
    const port = match?.[1]
    if (match === null || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)))
      return 'must be host or host:port, several separated by commas'
  }
  return undefined
}

/** The hosts of a list of key distribution centres. */
export function kdcsOf(value: string): readonly string[] {
  return value.split(',').map((kdc) => kdc.trim())
}
