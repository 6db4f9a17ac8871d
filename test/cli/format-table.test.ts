import { describe, expect, it } from 'vitest'
import { camelCaseRow, tableText } from '../../src/cli/format-table.ts'

describe('a table', () => {
  it('fits 80 columns, wrapping what is widest, with numbers to the right', () => {
    const name = 'A tasting with a name that goes on and on '.repeat(4)
    const lines = tableText(
      ['id', 'name', 'count'],
      [
        ['100', name, 7],
        ['101', 'Short', 1234],
      ],
      80,
    ).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines.length).toBeGreaterThan(4)
    expect(lines.at(-1)).toMatch(/^101 {2}Short +1,234$/)
    expect(lines.join(' ')).toContain('on and on')
  })

  it('shows nothing that could steer the terminal, and a dash for nothing', () => {
    const text = tableText(['name', 'when'], [['\u001b[2Jx\nfalse row', null]])
    expect(text).not.toContain('\u001b')
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toMatch(/-$/)
  })
})

it("a view's columns become camelCase", () => {
  expect(camelCaseRow({ tock_key: 'r:1', is_visit: true, winery: 'x' })).toEqual({
    tockKey: 'r:1',
    isVisit: true,
    winery: 'x',
  })
})
