import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cluster, CLUSTER_USER } from '../helpers/kafka/index.ts'

/** The password of the producers as a file that the server reads, and as the cluster knows it. */
export class SecretFiles {
  readonly directory: string
  readonly #cluster: Cluster
  #number = 0
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

  /** Writes beside and renames, as secrets are mounted: a reader sees the old or the new. */
  changeInStore(): void {
    const fresh = join(this.directory, '.fresh')
    writeFileSync(fresh, JSON.stringify({ user: CLUSTER_USER.name, password: this.#password }), {
      mode: 0o600,
    })
    renameSync(fresh, join(this.directory, 'login'))
  }

  hide(): void {
    renameSync(this.directory, `${this.directory}.away`)
  }

  show(): void {
    renameSync(`${this.directory}.away`, this.directory)
  }
}
