import { isLoopback } from '../config/index.ts'
import { type Headers } from './sigv4/headers.ts'

/**
 * Whether a web page of a browser sent a request. A page sends what the browser holds, a client certificate or its way
 * to loopback, without the user's knowledge. Browsers name the page in Origin with everything that changes something,
 * and its relation in Sec-Fetch-Site; `none` is a request of the user's own.
 * Source: Fetch Standard, Origin header; W3C Fetch Metadata Request Headers.
 */
export function isFromPage(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  return headers.has('origin') || (site !== undefined && site.some((value) => value.trim() !== 'none'))
}

/** Whether the Host header names this machine, so that no foreign name was pointed at it (DNS rebinding). */
export function namesLoopback(headers: Headers): boolean {
  const [host, ...more] = headers.get('host') ?? []
  if (host === undefined || more.length > 0) return false
  const match = /^(\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/.exec(host.trim())
  return match !== null && isLoopback(match[1]!.replace(/^\[(.*)\]$/, '$1'))
}
