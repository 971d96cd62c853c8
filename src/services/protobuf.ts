import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve, sep } from 'node:path'
import type protobuf from 'protobufjs'
import type descriptor from 'protobufjs/ext/descriptor.js'
import { floatShortener } from './floats.ts'
import { type ProtobufMessage, type ProtobufSource } from '../sql/index.ts'
import { readJson, type Value } from '../value/index.ts'

/** AWS takes descriptors of 32 KiB; a set with its imports may well be larger. */
const MAX_DESCRIPTOR = 1024 * 1024

type Protobuf = typeof protobuf
let loaded: Protobuf | undefined

/** Loaded for the first descriptor. */
function runtime(): Protobuf {
  return (loaded ??= load())
}

function load(): Protobuf {
  const require = createRequire(import.meta.url)
  ;(require('protobufjs/ext/protojson.js') as { install(): void }).install()
  require('protobufjs/ext/descriptor.js')
  return require('protobufjs') as Protobuf
}

function fileDescriptorSet(bytes: Buffer): descriptor.IFileDescriptorSet {
  const require = createRequire(import.meta.url)
  const { FileDescriptorSet } = require('protobufjs/ext/descriptor.js') as typeof descriptor
  return FileDescriptorSet.decode(bytes) as unknown as descriptor.IFileDescriptorSet
}

type Read = (bucket: string, key: string) => Buffer | { readonly fault: string }

/**
 * Message types for `decode(…, 'proto', bucket, key, file, type)` out of descriptors that `read` finds: a
 * FileDescriptorSet as `protoc --descriptor_set_out` writes it, or, where the key ends in `.proto`, the source itself.
 * Values become JSON by the ProtoJSON mapping: 64-bit integers and bytes (base64) as text, enums by name, fields in
 * lowerCamelCase, fields without presence that have their default left out.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/binary-payloads.html#binary-payloads-protobuf
 */
export function protobufSource(read: Read): ProtobufSource {
  return {
    open(bucket, key, file, typeName) {
      const bytes = read(bucket, key)
      if (!Buffer.isBuffer(bytes)) return { ok: false, reason: bytes.fault }
      try {
        const type = key.endsWith('.proto')
          ? typeInSource(bytes.toString(), typeName)
          : typeInDescriptor(bytes, file, typeName)
        return { ok: true, message: messageOf(type) }
      } catch (error) {
        return { ok: false, reason: `${bucket}/${key}: ${(error as Error).message}` }
      }
    },
  }
}

/** Descriptors as files `<directory>/<bucket>/<key>`; nothing outside the directory is read. */
export function protobufDirectory(directory: string): ProtobufSource {
  const root = resolve(directory)
  return protobufSource((bucket, key) => {
    const file = resolve(join(root, bucket, key))
    const inside = bucket !== '' && !/[/\\]|^\.\.?$/.test(bucket) && file.startsWith(join(root, bucket) + sep)
    if (!inside || key.includes('\0'))
      return { fault: `${bucket}/${key} is outside the configured directory` }
    try {
      const { size } = statSync(file)
      if (size > MAX_DESCRIPTOR) return { fault: `${bucket}/${key} has more than ${MAX_DESCRIPTOR} bytes` }
      return readFileSync(file)
    } catch (error) {
      return { fault: `${bucket}/${key} cannot be read (${(error as NodeJS.ErrnoException).code})` }
    }
  })
}

/** What protojson adds to a type. */
type JsonType = protobuf.Type & { toJsonString(message: object): string }

/** Null for bytes that are no such message. */
function messageOf(type: protobuf.Type): ProtobufMessage {
  const shortenFloats = floatShortener(type)
  return {
    decode(bytes): Value {
      try {
        const message = type.decode(bytes)
        shortenFloats?.(message)
        const json = readJson((type as JsonType).toJsonString(message))
        return json.ok ? json.value : null
      } catch {
        return null
      }
    },
  }
}

function typeInSource(source: string, typeName: string): protobuf.Type {
  const root = new (runtime().Root)()
  const parsed = runtime().parse(source, root, { keepCase: true })
  addCommon(root, [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])])
  return lookUp(root, parsed.package ?? '', typeName)
}

function typeInDescriptor(bytes: Buffer, file: string, typeName: string): protobuf.Type {
  const set = fileDescriptorSet(bytes)
  const files = set.file ?? []
  const wanted = file.endsWith('.proto') ? file : `${file}.proto`
  const found =
    files.find(({ name }) => name === wanted) ??
    files.find(({ name }) => name?.endsWith(`/${wanted}`) === true)
  if (found === undefined) {
    const names = files.map(({ name }) => name).join(', ')
    throw new Error(`it describes no file ${wanted}, but ${names === '' ? 'none' : names}`)
  }
  const root = runtime().Root.fromDescriptor(bytes, { keepCase: true })
  const own = new Set(files.map(({ name }) => name))
  addCommon(
    root,
    files.flatMap(({ dependency }) => dependency ?? []).filter((name) => !own.has(name)),
  )
  return lookUp(root, found.package ?? '', typeName)
}

/** The types of google.protobuf need not be in a descriptor. */
function addCommon(root: protobuf.Root, imports: readonly string[]): void {
  for (const name of new Set(imports)) {
    const known = runtime().common.get(name)
    if (known === null) {
      throw new Error(`it imports ${name}, which is not in it; compile it with protoc --include_imports`)
    }
    root.addJSON(known.nested ?? {})
  }
}

function lookUp(root: protobuf.Root, scope: string, typeName: string): protobuf.Type {
  root.resolveAll()
  const inFile = scope === '' ? typeName : `${scope}.${typeName}`
  for (const name of [inFile, typeName]) {
    const found = root.lookup(`.${name}`)
    if (found instanceof runtime().Type) return found
  }
  throw new Error(`it has no message type ${typeName}`)
}
