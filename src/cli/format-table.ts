/** How the command line shows things: tables and facts that read well at 80 columns, rows of views as JSON. */

import Table from 'cli-table3'

const gap = '  '
const narrowest = 6

/** A view's row with its columns in camelCase: `party_name` → `partyName`. */
export function camelCaseRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}

/** Columns without rules between them, numbers to the right; what does not fit the width is wrapped. */
export function tableText(
  headings: string[],
  rows: unknown[][],
  width = process.stdout.columns ?? 80,
): string {
  const isNumeric = headings.map((_, at) => rows.some((row) => typeof row[at] === 'number'))
  const cells = rows.map((row) => headings.map((_, at) => cellText(row[at])))
  const table = new Table({
    head: headings,
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap.length },
    colAligns: isNumeric.map((numeric) => (numeric ? 'right' : 'left')),
    colWidths: columnWidths([headings, ...cells], width),
    wordWrap: true,
    wrapOnWordBoundary: true,
  })
  table.push(...cells)
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Names and values, one under the other. */
export function factsText(facts: [name: string, value: unknown][]): string {
  const widest = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${name.padEnd(widest)}${gap}${cellText(value)}`).join('\n')
}

/** `1 experience`, `2 experiences`, `1,200 experiences`. */
export function many(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

// biome-ignore format: one line per side of the frame
const bare = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '',
  right: '', 'right-mid': '', middle: '',
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return value.toLocaleString('en-US')
  // Names come from outside: nothing in them may steer the terminal.
  return String(value).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
}

/** As wide as what is in them; the widest give way until all fit. */
function columnWidths(lines: string[][], width: number): number[] {
  const widths = (lines[0] ?? []).map(
    (_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)) + gap.length,
  )
  let excess = widths.reduce((sum, one) => sum + one, 0) - gap.length - width
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest + gap.length) break
    widths[widths.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}
