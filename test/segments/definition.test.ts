import { describe, expect, test } from 'vitest'
import { definitionLimits, readDefinition } from '../../src/contract/segment.ts'

const visits = { kind: 'count', of: 'visits', times: { is: 'atLeast', n: 2 } }
const read = (where: unknown) => readDefinition({ version: 1, where })
const refusal = (given: unknown) => {
  try {
    readDefinition(given)
  } catch (error) {
    return (error as Error).message
  }
  return 'not refused'
}

describe('a definition', () => {
  test('nests conditions with all, any and not', () => {
    const where = {
      kind: 'all',
      of: [
        visits,
        { kind: 'not', of: { kind: 'any', of: [{ kind: 'flag', flag: 'mayMail', is: true }, visits] } },
      ],
    }
    expect(read(where)).toEqual({ version: 1, where })
  })

  test.each([
    [{ ...visits, colour: 'red' }, 'where.colour: unknown'],
    [{ kind: 'all', of: [visits, { ...visits, times: { is: 'atLeast' } }] }, 'where.of[1].times.n:'],
    [{ kind: 'not', of: { kind: 'shoeSize' } }, 'where.of.kind:'],
    [{ kind: 'flag', flag: 'rich', is: true }, 'where.flag:'],
    [{ kind: 'created', in: { kind: 'last', n: -1, unit: 'days' } }, 'where.in.n:'],
    [{ kind: 'created', in: { kind: 'between', from: '2026-02-30' } }, 'where.in.from:'],
    [{ kind: 'created', in: { kind: 'between' } }, 'where.in: Give from, to or both'],
    [{ kind: 'all', of: [] }, 'where.of:'],
    [
      { ...visits, timeOfDay: { from: '25:00', to: '26:00' } },
      'where.timeOfDay.from: A time of day reads 17:30',
    ],
  ])('is refused with the path of what is wrong: %j', (where, path) => {
    expect(refusal({ version: 1, where })).toContain(path)
  })

  test('of another version is refused', () => {
    expect(refusal({ version: 2, where: visits })).toContain('version:')
    expect(refusal({ where: visits })).toContain('version:')
  })

  test('is refused when it is too deep, however deep, or too large', () => {
    const nested = (depth: number): unknown => {
      let where: unknown = visits
      for (let level = 1; level < depth; level += 1) where = { kind: 'not', of: where }
      return where
    }
    expect(read(nested(definitionLimits.depth))).toBeTruthy()
    for (const depth of [definitionLimits.depth + 1, 100_000]) {
      expect(refusal({ version: 1, where: nested(depth) })).toContain('nested too deep')
    }
    const many = {
      kind: 'any',
      of: Array.from({ length: 6 }, () => ({ kind: 'all', of: Array.from({ length: 11 }, () => visits) })),
    }
    expect(refusal({ version: 1, where: many })).toContain('66 conditions; 60 are allowed')
    const values = Array.from({ length: definitionLimits.values + 1 }, (_, index) => `T${index}`)
    expect(refusal({ version: 1, where: { kind: 'tags', op: 'any', values } })).toContain('where.values')
  })
})
