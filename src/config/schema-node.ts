/** The part of a JSON Schema that reading, printing and documenting the configuration need. */
export interface SchemaNode {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  /** What every value is where the keys are the user's. */
  readonly additionalProperties?: SchemaNode | boolean
  /** Printed masked. */
  readonly secret?: boolean
  /** What the number means; documents may write it with a unit. */
  readonly unit?: 'duration' | 'size'
}

/** The schema of the value at a path; undefined where the schema has none. */
export function schemaAt(schema: SchemaNode, path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema
  for (const step of path) node = typeof step === 'number' ? node?.items : below(node, String(step))
  return node
}

function below(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  return node?.properties?.[key] ?? valuesOf(node)
}

/** What every value is of a section whose keys are the user's. */
export function valuesOf(node: SchemaNode | undefined): SchemaNode | undefined {
  return typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined
}

/** True for a key whose value is text whatever it looks like: an account id, a password. */
export function takesText(schema: SchemaNode | undefined): boolean {
  return schema?.type === 'string'
}
