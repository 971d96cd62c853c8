import { type Config } from './config/index.ts'
import { type Destinations } from './deliver/specs.ts'
import { activate, type BookReport, type Engine, type OpenSender, RuleBook } from './engine/index.ts'
import { type Log } from './observe/index.ts'
import { type CompiledRule, type CompileResult } from './rule/index.ts'
import { type RuleStore, type StoreChange, type StoredDocument } from './store/index.ts'
import { StartError } from './app-access.ts'
import { type OpenServices } from './app-services.ts'

export interface RuleLoaderParts {
  readonly config: Config
  readonly engine: Engine
  readonly store: RuleStore
  readonly open: OpenSender
  readonly isEmbedded: boolean
  readonly services: OpenServices
  readonly destinations: Destinations | undefined
  readonly log: Log
}

const NAMES_LOGGED = 50

/** Brings what the store tells into force: a change costs what changed, however many rules there are. */
export class RuleLoader {
  #config: Config
  readonly #parts: RuleLoaderParts
  readonly #book: RuleBook
  /** Rules that are not in force because an action cannot be delivered. */
  readonly #undeliverable = new Set<string>()

  constructor(parts: RuleLoaderParts) {
    const { config, isEmbedded, services, destinations, store } = parts
    this.#config = config
    this.#parts = parts
    const { extensions, acksWhenOmitted, storeDirectory } = config.kafka
    this.#book = new RuleBook({
      extensions: !isEmbedded ? extensions : [...new Set([...extensions, 'PLAINTEXT'])],
      acksWhenOmitted,
      services: services.services.names,
      protobuf: services.protobuf,
      storeDirectory,
      destinations,
      limits: config.sql.limits,
    })
    store.subscribe((change) => this.#take(change))
  }

  /**
   * To be called when the store has been loaded.
   * @throws StartError when a rule cannot be delivered and the configuration does not skip such rules
   */
  start(): void {
    const [undeliverable] = this.#undeliverable
    if (undeliverable === undefined || this.#config.rules.skipUndeliverable) return
    const message = `Rule ${undeliverable} has an action that this product does not run. Remove it, or set rules.skipUndeliverable.`
    throw new StartError('RULE_ACTION_NOT_DELIVERABLE', message)
  }

  /** Rules are in force by another configuration from here on. */
  reconfigure(config: Config): void {
    const before = this.#config.ack
    this.#config = config
    if (before === config.ack) return
    this.#activate(new Map(this.#book.running().map((rule) => [rule.name, rule])))
  }

  /** Compiles a rule as the store would bring it. */
  prepare(name: string, document: object): CompileResult {
    return this.#book.prepare({ name, document, text: JSON.stringify(document) })
  }

  /** The document that counts for a name: the one in force, or else the first. */
  documentOf(name: string): StoredDocument | undefined {
    const documents = this.#parts.store.named(name)
    if (documents.length < 2) return documents[0]
    const source = this.#book.sourceOf(name)
    return documents.find((document) => document.source === source) ?? documents[0]
  }

  /** What a document compiled to when it last did. */
  ruleOf({ source }: StoredDocument): CompiledRule | undefined {
    return this.#book.ruleOf(source)
  }

  #take({ version, changed, removed, unreadable }: StoreChange): void {
    const { log, engine } = this.#parts
    for (const { file, diagnostics } of unreadable) log.event('store.unreadable', { file, diagnostics })
    const { rules, reports } = this.#book.change(changed, removed)
    const documents = new Map(changed.map((document) => [document.source, document]))
    for (const report of reports) this.#report(report, documents.get(report.source))
    this.#activate(rules)
    const { size } = engine.ruleset
    const names = size <= NAMES_LOGGED ? { rules: engine.ruleset.rules.map(({ rule }) => rule.name) } : {}
    log.event('rules.loaded', { version, ...names, count: size })
  }

  #activate(rules: ReadonlyMap<string, CompiledRule | undefined>): void {
    const { engine, open, log } = this.#parts
    const changes = new Map<string, CompiledRule | undefined>()
    for (const [name, rule] of rules) {
      this.#undeliverable.delete(name)
      if (rule?.deliverable === false) {
        this.#undeliverable.add(name)
        log.event('rule.undeliverable', { rule: name })
      }
      changes.set(name, rule?.deliverable === true ? rule : undefined)
    }
    activate(engine.ruleset, changes, open, (rule) => (rule.ack ?? this.#config.ack) === 'delivered')
  }

  #report(report: BookReport, document: StoredDocument | undefined): void {
    const { source, rule, keptPrevious } = report
    const { log } = this.#parts
    const diagnostics = report.diagnostics.map((one) => ({ ...one, ...document?.locate(one.path ?? '') }))
    const faults = diagnostics.filter(({ severity }) => severity === 'error')
    if (faults.length > 0)
      log.event(keptPrevious ? 'rule.kept' : 'rule.refused', { source, rule, diagnostics: faults })
    else for (const warning of diagnostics) log.event('rule.warning', { source, rule, ...warning })
  }
}
