/** The bytes of message `n` of a device: the same in every process that knows both. Odd spacing and `10.0` show a re-encoding. */
export function payloadOf(device: string, n: number): Buffer {
  const filler = 'x'.repeat(mix(n) % 400)
  return Buffer.from(`{"d":"${device}","n":${n}, "t" : 10.0,"p":"${mix(n + 1).toString(16)}${filler}"}`)
}

/** Device and number of a payload; undefined for bytes that no device sent. */
export function identify(value: Buffer): { device: string; n: number } | undefined {
  const found = /^\{"d":"([^"]+)","n":(\d+), /.exec(value.toString('latin1', 0, 80))
  return found === null ? undefined : { device: found[1]!, n: Number(found[2]) }
}

function mix(n: number): number {
  let x = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0
  return (x ^ (x >>> 16)) >>> 0
}
