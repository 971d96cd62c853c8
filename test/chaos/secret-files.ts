import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cluster, CLUSTER_USER } from '../helpers/kafka/index.ts'

/** The secrets of the producers as files that the server reads; the password also as the cluster knows it. */
export class SecretFiles {
  readonly directory: string
  readonly #cluster: Cluster
  #number = 0
  #hidden = false
  #password: string = CLUSTER_USER.password

  constructor(parent: string, cluster: Cluster) {
    this.directory = join(parent, 'secrets')
    this.#cluster = cluster
    mkdirSync(this.directory, { mode: 0o700 })
    this.changeInStore()
  }

  async changeOnBroker(): Promise<void> {
    this.#number += 1
    this.#password = `password-${this.#number}`
    await this.#cluster.setPassword(this.#password)
  }

  changeInStore(): void {
    this.put('login', JSON.stringify({ user: CLUSTER_USER.name, password: this.#password }))
  }

  /** Writes beside and renames, as secrets are mounted: a reader sees the old or the new. */
  put(name: string, content: string | Buffer): void {
    const at = this.#hidden ? `${this.directory}.away` : this.directory
    const fresh = join(at, '.fresh')
    writeFileSync(fresh, content, { mode: 0o600 })
    renameSync(fresh, join(at, name))
  }

  hide(): void {
    renameSync(this.directory, `${this.directory}.away`)
    this.#hidden = true
  }

  show(): void {
    renameSync(`${this.directory}.away`, this.directory)
    this.#hidden = false
  }
}
