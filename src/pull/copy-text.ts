/** PostgreSQL's COPY text format: tabs between cells, `\N` for null. */

/** One line for COPY. Texts must be free of U+0000 (the door of the tock room sees to that). */
export function copyLine(cells: readonly (string | number | boolean | null)[]): string {
  let line = ''
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index]
    if (index > 0) line += '\t'
    if (cell === null || cell === undefined) line += '\\N'
    else if (typeof cell === 'string') line += special.test(cell) ? escapeCell(cell) : cell
    else line += cell
  }
  return `${line}\n`
}

const special = /[\\\t\n\r]/

function escapeCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}
