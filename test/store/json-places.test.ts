import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readYaml } from '../../src/config/index.ts'
import { JsonPlaces, locateField } from '../../src/store/index.ts'

describe('places in a JSON text', () => {
  it('are those that the reader of YAML gives, for every field and what is absent', () => {
    const names = fc.constantFrom('a', 'b', 'a.b', 'bootstrap.servers', '"', '\\', 'é😀', '0', 'x"{')
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, -2.5e3, true, null, 'x', '{"a": [', 'a\\', '\\"]', '', '\n'),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    const steps = fc.array(fc.oneof(names, fc.nat(4)), { maxLength: 5 })
    fc.assert(
      fc.property(
        tree,
        fc.array(steps, { maxLength: 8 }),
        fc.constantFrom(0, 1, '\t'),
        (value, paths, space) => {
          const text = JSON.stringify({ a: value, b: [value] }, undefined, space)
          const yaml = readYaml(text)!
          const places = new JsonPlaces(text)
          for (const path of paths.flatMap((each) => [each, ['a', ...each], ['b', 0, ...each]]))
            expect(places.locate(path, 3)).toEqual(locateField(yaml.documents[0]!, yaml.lines, path, 3))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('are found in white space of every kind, and behind it', () => {
    const places = new JsonPlaces(' \r\n{ "a" :\t[ 1 ,\n  {"b":{ } , "c": "x"} ] }\n')
    expect(places.locate(['a', 1, 'c'], 0)).toEqual({ line: 3, column: 14 })
    expect(places.locate(['a', 1, 'b', 'd'], 0)).toEqual({ line: 3, column: 4 })
    expect(places.locate([], 0)).toEqual({ line: 2, column: 1 })
  })

  it('cost little in a text of many megabytes, however often they are asked for', () => {
    const item = { address: 'a', values: { tags: ['x', { y: '\\"' }], name: 'n' } }
    const text = JSON.stringify({ list: Array.from({ length: 100_000 }, () => item) })
    const places = new JsonPlaces(text)
    const before = performance.now()
    for (let index = 0; index < 100_000; index += 100)
      expect(places.locate(['list', index, 'values', 'name'], 0).line).toBe(1)
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
