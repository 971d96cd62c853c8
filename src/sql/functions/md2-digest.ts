/** The substitution table of RFC 1319 section 3.2, made from the digits of pi. */
const table = Buffer.from(
  '292e43c9a2d87c013d3654a1ecf0061362a705f3c0c7738c98932bd9bc4c82ca' +
    '1e9b573cfdd4e01667426f188a17e512be4ec4d6da9ede49a0fbf58ebb2fee7a' +
    'a968799115b2073f94c210890b225f21807f5d9a5a903227353ecce7bff79703' +
    'ff1930b348a5b5d1d75e922aac56aac64fb838d296a47db676fc6be29c7404f1' +
    '459d705964718720865bcf65e62da8021b6025adaeb0b9f61c46616934407e0f' +
    '5547a323dd51af3ac35cf9cebac5ea262c530d6e85288409d3dfcdf441814d52' +
    '6adc37c86cc1abfa24e17b080cbdb14a7888958be363e86de9cbd5fe3b001d39' +
    'f2efb70e6658d0e4a67772f8eb754b0a314450b48fed1f1adb998d339f118314',
  'hex',
)

const block = 16

/** The MD2 digest in lower-case hexadecimal. Source: RFC 1319. */
export function md2Hex(message: Buffer): string {
  const padding = block - (message.length % block)
  const padded = Buffer.concat([message, Buffer.alloc(padding, padding)])
  const state = new Uint8Array(3 * block)
  for (let offset = 0; offset < padded.length; offset += block)
    mix(state, padded.subarray(offset, offset + block))
  mix(state, checksum(padded))
  return Buffer.from(state.subarray(0, block)).toString('hex')
}

function checksum(padded: Buffer): Uint8Array {
  const sum = new Uint8Array(block)
  let last = 0
  for (let index = 0; index < padded.length; index += 1) {
    const place = index % block
    last = sum[place]! ^ table[padded[index]! ^ last]!
    sum[place] = last
  }
  return sum
}

function mix(state: Uint8Array, bytes: Uint8Array): void {
  for (let index = 0; index < block; index += 1) {
    state[block + index] = bytes[index]!
    state[2 * block + index] = bytes[index]! ^ state[index]!
  }
  let last = 0
  for (let round = 0; round < 18; round += 1) {
    for (let index = 0; index < state.length; index += 1) {
      last = state[index]! ^ table[last]!
      state[index] = last
    }
    last = (last + round) % 256
  }
}
