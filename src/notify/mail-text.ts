/** A letter as plain text, for mailboxes and people that want no HTML. */

import type { Block, Letter } from './letter.ts'

export function mailText(letter: Letter, supportContact: string): string {
  const parts = [
    letter.title.toUpperCase(),
    ...letter.blocks.map(blockText),
    `-- \nStill need help? Contact us: ${supportContact}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'small':
      return block.text
    case 'attention':
      return [block.title, ...block.items.map((item) => `  * ${item}`)].join('\n')
    case 'facts':
      return rowsText(block.rows)
    case 'figures':
      return [`${block.title}: ${block.remark}`, rowsText(block.rows)]
        .filter((line) => line !== '')
        .join('\n')
    case 'button':
      return `${block.text}:\n${block.url}`
  }
}

function rowsText(rows: [label: string, value: string][]): string {
  const width = Math.max(0, ...rows.map(([label]) => label.length))
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n')
}
