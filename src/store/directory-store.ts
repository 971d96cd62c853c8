import { createHash } from 'node:crypto'
import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DirectoryWatch } from './directory-watch.ts'
import { type StoredDocument, withPayload } from './documents.ts'
import { editDocument } from './edit.ts'
import {
  beyondBounds,
  type CachedFile,
  isRuleFile,
  isSameContent,
  MAX_FILE_BYTES,
  MAX_FILES,
  readCached,
  written,
} from './file-cache.ts'
import { Journal, type JournalEntry } from './journal.ts'
import { NameIndex } from './name-index.ts'
import {
  type RuleState,
  type RuleStore,
  type StoreChange,
  type StoredRecord,
  type StoreEdit,
  type StoreSnapshot,
  type UnreadableFile,
  type WriteOptions,
  type WriteRefusal,
  type WriteResult,
} from './store.ts'
import { WriteQueue } from './write-queue.ts'

const MAX_TOTAL_BYTES = 256 * 1024 * 1024
const READS_SIDE_BY_SIDE = 8
const STATE_DIRECTORY = '.topicrule'

/** What the journal has of a rule. */
interface KeptState {
  readonly version: number
  readonly createdAt: number
  readonly modifiedAt: number
  readonly digest: string
  readonly tags: Readonly<Record<string, string>>
}

/** Rule documents in the files of one directory (not of its subdirectories), and a journal in one of these. */
export class DirectoryStore implements RuleStore {
  readonly #directory: string
  readonly #journal: Journal
  readonly #queue: WriteQueue
  readonly #files = new Map<string, CachedFile>()
  readonly #names = new NameIndex()
  readonly #states = new Map<string, KeptState>()
  readonly #digests = new WeakMap<StoredDocument, string>()
  readonly #listeners: ((change: StoreChange) => void)[] = []
  /** Rules that are being written. */
  readonly #busy = new Set<string>()
  /** The last write of each file under way. */
  readonly #writing = new Map<string, Promise<unknown>>()
  /** What own writes are putting into files, which a look at the directory may find before they have ended. */
  readonly #putting = new Map<string, string | undefined>()
  #version = 0
  #watch: DirectoryWatch | undefined
  #scanning: Promise<void> = Promise.resolve()
  #isJournalLoaded = false
  #isLoaded = false
  #closed = false

  constructor(directory: string) {
    this.#directory = directory
    this.#journal = new Journal(join(directory, STATE_DIRECTORY, 'journal.jsonl'))
    this.#queue = new WriteQueue(directory, this.#journal)
  }

  /** Lines of the journal that could not be read. */
  get damaged(): number {
    return this.#journal.damaged
  }

  /** @throws Error when the directory cannot be read */
  async load(): Promise<StoreSnapshot> {
    if (!this.#isJournalLoaded) await this.#journal.load()
    this.#isJournalLoaded = true
    await this.#scan()
    this.#isLoaded = true
    return this.snapshot()
  }

  snapshot(): StoreSnapshot {
    const files = [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1))
    return {
      version: this.#version,
      documents: files.flatMap(([, { documents }]) => documents),
      unreadable: files.flatMap(([file, cached]) => unreadableOf(file, cached)),
    }
  }

  subscribe(listener: (change: StoreChange) => void): void {
    this.#listeners.push(listener)
  }

  watch(): void {
    this.#watch ??= new DirectoryWatch(this.#directory, STATE_DIRECTORY, {
      scan: () => this.#scan(),
      check: (files) => this.#check(files),
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watch?.close()
    await this.#queue.idle()
    await this.#journal.close()
  }

  named(name: string): readonly StoredDocument[] {
    return this.#names.named(name)
  }

  names(): readonly string[] {
    return this.#names.sorted()
  }

  stateOf(document: StoredDocument): RuleState {
    const digest = this.#digestOf(document)
    const file = this.#files.get(document.file)
    const kept = this.#keptOf(document)
    const version = kept?.version ?? 1
    return {
      version,
      revision: `${version}-${digest.slice(0, 16)}`,
      createdAt: Math.round(kept?.createdAt ?? file?.createdAt ?? 0),
      modifiedAt: Math.round(kept?.digest === digest ? kept.modifiedAt : (file?.modifiedAt ?? 0)),
      tags: kept?.tags ?? {},
    }
  }

  create(name: string, payload: object, options: WriteOptions = {}): Promise<WriteResult> {
    return this.#exclusively(name, async () => {
      if (this.#names.named(name).length > 0) return refusal('exists', `Rule ${name} exists already.`)
      if (this.#files.size >= MAX_FILES)
        return refusal('failed', `The rules directory holds ${MAX_FILES} files, the most it may.`)
      const file = this.#freeFile(name)
      const value = { ruleName: name, topicRulePayload: payload }
      return this.#write(file, name, undefined, value, options.tags)
    })
  }

  replace(document: StoredDocument, payload: object, options: WriteOptions = {}): Promise<WriteResult> {
    const name = document.ruleName ?? ''
    return this.#exclusively(name, async () => {
      const current = this.#current(document, options)
      if ('ok' in current) return current
      return this.#write(
        current.file,
        name,
        current,
        withPayload(current.document, payload),
        options.tags ?? this.stateOf(current).tags,
      )
    })
  }

  async tag(document: StoredDocument, tags: Readonly<Record<string, string>>): Promise<WriteResult> {
    const name = document.ruleName ?? ''
    return this.#exclusively(name, async () => {
      const current = this.#current(document, {})
      if ('ok' in current) return current
      const kept = { ...this.stateOf(current), digest: digestOf(current.text), tags }
      return this.#commit(name, kept, undefined)
    })
  }

  remove(document: StoredDocument, options: WriteOptions = {}): Promise<WriteResult> {
    const name = document.ruleName ?? ''
    return this.#exclusively(name, async () => {
      const current = this.#current(document, options)
      if ('ok' in current) return current
      return this.#write(current.file, name, current, undefined, {})
    })
  }

  records(): readonly StoredRecord[] {
    return this.#journal.values('destination').map(({ key, value }) => ({ key, value }))
  }

  async putRecord(key: string, value: unknown): Promise<void> {
    await this.#queue.commit({ file: undefined, entry: { kind: 'destination', key, value } })
  }

  /** A file of its name may hold other rules. */
  #freeFile(name: string): string {
    for (let number = 1; ; number += 1) {
      const file = join(this.#directory, number === 1 ? `${name}.json` : `${name}-${number}.json`)
      if (!this.#files.has(file)) return file
    }
  }

  /** One write of a rule at a time; another one meanwhile is refused, as AWS does. */
  async #exclusively(name: string, write: () => Promise<WriteResult>): Promise<WriteResult> {
    if (this.#busy.has(name)) return refusal('busy', `Another change of rule ${name} is under way.`)
    this.#busy.add(name)
    try {
      return await write()
    } catch (error) {
      return refusal('failed', `Rule ${name} cannot be written: ${(error as Error).message}.`)
    } finally {
      this.#busy.delete(name)
    }
  }

  #current({ source, ruleName }: StoredDocument, { revision }: WriteOptions): StoredDocument | WriteRefusal {
    const current = this.#names.named(ruleName ?? '').find((each) => each.source === source)
    if (current === undefined) return refusal('missing', `Rule ${ruleName} is not there any more.`)
    const state = this.stateOf(current)
    if (revision === undefined || revision === state.revision) return current
    return refusal('stale', `Rule ${ruleName} has revision ${state.revision}, not ${revision}.`)
  }

  /** Writes of one file follow each other, since each begins with what the one before has left. */
  async #write(
    file: string,
    name: string,
    document: StoredDocument | undefined,
    value: object | undefined,
    tags: Readonly<Record<string, string>> = {},
  ): Promise<WriteResult> {
    const before = this.#writing.get(file) ?? Promise.resolve()
    const own = before.catch(() => undefined).then(() => this.#writeNow(file, name, document, value, tags))
    this.#writing.set(file, own)
    try {
      return await own
    } finally {
      if (this.#writing.get(file) === own) this.#writing.delete(file)
    }
  }

  async #writeNow(
    file: string,
    name: string,
    document: StoredDocument | undefined,
    value: object | undefined,
    tags: Readonly<Record<string, string>>,
  ): Promise<WriteResult> {
    const known = this.#files.get(file)
    const place = await this.#placeOf(file, known)
    if ('ok' in place) return place
    // A document that stood before this one in its file may have gone meanwhile.
    const index = document && known?.documents.find(({ ruleName }) => ruleName === name)?.index
    if (document !== undefined && index === undefined)
      return refusal('missing', `Rule ${name} is not there any more.`)
    const edited =
      known === undefined || index === undefined
        ? { ok: true as const, text: `${JSON.stringify(value, undefined, 2)}\n` }
        : editDocument(file, known.text, index, value)
    if (!edited.ok) return refusal('edited', `${edited.reason}.`)
    if (Buffer.byteLength(edited.text ?? '') > MAX_FILE_BYTES)
      return refusal('failed', `Rule ${name} would make ${basename(file)} larger than 1 MiB.`)
    const state = value && this.#nextState(document, value, tags)
    return this.#commit(name, state, { file, text: edited.text, mode: place.mode, known })
  }

  /** Whether the file is as it is known, so that nobody's change is written over. */
  async #placeOf(
    file: string,
    known: CachedFile | undefined,
  ): Promise<{ readonly mode: number } | WriteRefusal> {
    const found = await lstat(file).catch(() => undefined)
    if (found?.isSymbolicLink() === true)
      return refusal('edited', `${file} is a link to a file that is kept elsewhere; change that.`)
    const now = found === undefined ? undefined : await readCached(file, known)
    if (!isSameContent(known, now)) {
      this.#apply([[file, known, now]])
      return refusal('edited', `${basename(file)} was changed by hand in this moment; look at it again.`)
    }
    return { mode: found === undefined ? 0o600 : found.mode & 0o777 }
  }

  #nextState(
    document: StoredDocument | undefined,
    value: object,
    tags: Readonly<Record<string, string>>,
  ): KeptState {
    const before = document && this.stateOf(document)
    const now = Date.now()
    return {
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? now,
      modifiedAt: now,
      digest: digestOf(JSON.stringify(value)),
      tags,
    }
  }

  /** On the disk first, then here, then to the listeners. */
  async #commit(
    name: string,
    state: KeptState | undefined,
    change:
      | {
          readonly file: string
          readonly text: string | undefined
          readonly mode: number
          readonly known: CachedFile | undefined
        }
      | undefined,
  ): Promise<WriteResult> {
    const entry: JournalEntry = { kind: 'rule', key: name, value: state }
    if (change !== undefined) this.#putting.set(change.file, change.text)
    const stamp = await this.#queue
      .commit({ file: change && { path: change.file, text: change.text, mode: change.mode }, entry })
      .finally(() => change && this.#putting.delete(change.file))
    // The journal has it now.
    this.#states.delete(name)
    if (change !== undefined) {
      const { file, text } = change
      const known = this.#files.get(file)
      const now = stamp === undefined || text === undefined ? undefined : written(file, text, stamp, known)
      this.#apply([[file, known, now]], false)
    }
    const [document] = this.#names.named(name)
    const gone = { version: 0, revision: '', createdAt: 0, modifiedAt: 0, tags: {} }
    return { ok: true, state: document === undefined ? gone : this.stateOf(document) }
  }

  #digestOf(document: StoredDocument): string {
    let digest = this.#digests.get(document)
    if (digest === undefined) this.#digests.set(document, (digest = digestOf(document.text)))
    return digest
  }

  #keptOf({ ruleName }: StoredDocument): KeptState | undefined {
    if (ruleName === undefined) return undefined
    return this.#states.get(ruleName) ?? (this.#journal.get('rule', ruleName) as KeptState | undefined)
  }

  /** One scan at a time; a scan asked for while one runs follows it. */
  #scan(): Promise<void> {
    const next = this.#scanning.catch(() => undefined).then(() => this.#readAll())
    this.#scanning = next
    return next
  }

  async #readAll(): Promise<void> {
    const before = new Map(this.#files)
    const names = (await readdir(this.#directory)).filter(isRuleFile).sort()
    const files = names.map((name) => join(this.#directory, name))
    const present = new Set(files)
    await this.#check(files, before)
    this.#apply(
      [...before].filter(([file]) => !present.has(file)).map(([file, known]) => [file, known, undefined]),
    )
  }

  /** Reads files again; what changes here meanwhile wins. */
  async #check(
    files: readonly string[],
    before: ReadonlyMap<string, CachedFile> = this.#files,
  ): Promise<void> {
    const changes: [string, CachedFile | undefined, CachedFile | undefined][] = []
    let room = MAX_TOTAL_BYTES
    let next = 0
    const work = async (): Promise<void> => {
      for (let index = next++; index < files.length; index = next++) {
        const file = files[index]!
        const known = before.get(file)
        const isWithin = index < MAX_FILES && room > 0
        const read = isWithin ? await readCached(file, known) : beyondBounds(file, known)
        room -= read?.text.length ?? 0
        if (read !== known) changes.push([file, known, read])
      }
    }
    await Promise.all(Array.from({ length: Math.min(READS_SIDE_BY_SIDE, files.length) }, work))
    changes.sort(([a], [b]) => (a < b ? -1 : 1))
    this.#apply(changes)
  }

  /** Takes what was found in place of what was known, unless something else is known by now. */
  #apply(
    found: readonly (readonly [file: string, known: CachedFile | undefined, now: CachedFile | undefined])[],
    isEdit = this.#isLoaded,
  ): void {
    const changed: StoredDocument[] = []
    const removed: string[] = []
    const unreadable: UnreadableFile[] = []
    const edits: StoreEdit[] = []
    let differs = false
    for (const [file, known, now] of found) {
      if (this.#files.get(file) !== known) continue
      if (now === undefined) this.#files.delete(file)
      else this.#files.set(file, now)
      if (isSameContent(known, now)) continue
      differs = true
      const before = new Map(known?.documents.map((document) => [document.source, document]))
      const after = new Set(now?.documents.map(({ source }) => source))
      for (const document of now?.documents ?? []) {
        const old = before.get(document.source)
        if (old?.text === document.text && old.name === document.name) continue
        changed.push(document)
        this.#count(old, document)
      }
      const kept = new Set(now?.kept)
      const gone = [...before.keys(), ...(known?.kept ?? [])].filter((source) => !after.has(source))
      removed.push(...gone.filter((source) => !kept.has(source)))
      this.#names.change(known?.documents ?? [], now?.documents ?? [])
      const isOwn = this.#putting.has(file) && this.#putting.get(file) === now?.text
      if (isEdit && !isOwn) edits.push(...editsOf(file, known, now))
      if (now !== undefined) unreadable.push(...unreadableOf(file, now))
    }
    if (!differs) return
    this.#version += 1
    if (this.#closed) return
    const change = { version: this.#version, changed, removed, unreadable, edits }
    for (const listener of this.#listeners) listener(change)
  }

  /** An edit by hand counts as a version, too. */
  #count(old: StoredDocument | undefined, { ruleName, text }: StoredDocument): void {
    if (old === undefined || ruleName === undefined || old.ruleName !== ruleName) return
    const kept = this.#keptOf(old)
    if (kept?.digest === digestOf(text)) return
    const { version, createdAt, tags } = this.stateOf(old)
    const modifiedAt = this.#files.get(old.file)?.modifiedAt ?? Date.now()
    this.#states.set(ruleName, { version: version + 1, createdAt, modifiedAt, tags, digest: digestOf(text) })
  }
}

function refusal(reason: WriteRefusal['reason'], message: string): WriteRefusal {
  return { ok: false, reason, message }
}

function unreadableOf(file: string, { diagnostics }: CachedFile): UnreadableFile[] {
  return diagnostics.length === 0 ? [] : [{ file, diagnostics }]
}

/** What differs between two states of a file, by the names of rules, which stay when the places of documents do not. */
function editsOf(file: string, known: CachedFile | undefined, now: CachedFile | undefined): StoreEdit[] {
  const before = new Map(known?.documents.map((document) => [document.ruleName ?? document.source, document]))
  const after = new Map(now?.documents.map((document) => [document.ruleName ?? document.source, document]))
  const kept = new Set(now?.kept)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, next] = [before.get(key), after.get(key)]
    if (old?.text === next?.text || (next === undefined && kept.has(old!.source))) return []
    return [{ file, before: old, after: next }]
  })
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
