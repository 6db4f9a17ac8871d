/**
 * A letter as HTML, by MJML: one column that fits a telephone, tables that old mail programs can lay out, colours that
 * stay readable when a mailbox turns them dark. Nothing is fetched from anywhere.
 */

import { escaped } from './escaped.ts'
import type { Block, Letter } from './letter.ts'
import { supportLink } from './mail-address.ts'

const ink = '#24292f'
const quiet = '#57606a'
const line = '#d8dee4'
const accent = '#7a1f3d'

export async function mailHtml(letter: Letter, supportContact: string): Promise<string> {
  // Loaded when a mail is rendered: it takes longer than all of the program's start.
  const { default: mjml2html } = await import('mjml')
  const { html } = await mjml2html(documentOf(letter, supportContact), {
    validationLevel: 'strict',
    keepComments: false,
    fonts: {},
    ignoreIncludes: true,
  })
  return html
}

function documentOf(letter: Letter, supportContact: string): string {
  return `<mjml lang="en">
  <mj-head>
    <mj-title>${escaped(letter.subject)}</mj-title>
    <mj-preview>${escaped(letter.preview)}</mj-preview>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
    <mj-attributes>
      <mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-text color="${ink}" font-size="16px" line-height="1.5" padding="8px 0" css-class="ink" />
      <mj-table color="${ink}" font-size="16px" line-height="1.5" padding="4px 0" css-class="ink" />
      <mj-section padding="0 20px" background-color="#ffffff" css-class="card" />
      <mj-column padding="0" />
    </mj-attributes>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      a { color: ${accent}; }
      @media (prefers-color-scheme: dark) {
        .page, .page > div, .page > table { background-color: #16191d !important; }
        .card, .card > table { background-color: #22262b !important; }
        .ink div, .ink table, .ink td { color: #e6e8ea !important; }
        .quiet div, .quiet td { color: #b3bac2 !important; }
        .box td { background-color: #3a2d12 !important; }
        .box div { color: #fbe9c0 !important; }
        .ink td { border-color: #464d55 !important; }
        .ink a, .quiet a { color: #f0a9c0 !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body background-color="#f3f4f6" css-class="page" width="600px">
    <mj-section background-color="#f3f4f6" css-class="page" padding="16px 20px 8px">
      <mj-column><mj-text font-size="13px" color="${quiet}" css-class="quiet" padding="0">eCELLAR Tock Integration</mj-text></mj-column>
    </mj-section>
    <mj-section padding="20px 20px 0">
      <mj-column><mj-text font-size="22px" line-height="1.3" font-weight="600" padding="0 0 4px">${escaped(letter.title)}</mj-text></mj-column>
    </mj-section>
    ${letter.blocks.map(blockMjml).join('\n')}
    <mj-section padding="12px 20px 20px"><mj-column>
      <mj-text font-size="14px" color="${quiet}" css-class="quiet" padding="12px 0 0">${helpLine(supportContact)}</mj-text>
    </mj-column></mj-section>
    <mj-section background-color="#f3f4f6" css-class="page" padding="8px"><mj-column></mj-column></mj-section>
  </mj-body>
</mjml>`
}

function blockMjml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return section(`<mj-text>${escaped(block.text)}</mj-text>`)
    case 'small':
      return section(
        `<mj-text font-size="14px" color="${quiet}" css-class="quiet">${escaped(block.text)}</mj-text>`,
      )
    case 'attention':
      return `<mj-section padding="8px 20px"><mj-column inner-border-radius="6px" inner-background-color="#fff4d6" css-class="box" padding="0">
        <mj-text padding="12px 16px 4px" font-weight="600">${escaped(block.title)}</mj-text>
        ${block.items.map((item) => `<mj-text padding="2px 16px 6px">${escaped(`• ${item}`)}</mj-text>`).join('')}
        <mj-spacer height="6px" />
      </mj-column></mj-section>`
    case 'facts':
      return section(factsMjml(block.rows))
    case 'figures':
      return section(
        `<mj-text padding="12px 0 0" font-weight="600">${escaped(block.title)}</mj-text>
        <mj-text padding="0 0 4px" font-size="14px" color="${quiet}" css-class="quiet">${escaped(block.remark)}</mj-text>
        ${block.rows.length === 0 ? '' : figuresMjml(block.rows)}`,
      )
    case 'button':
      return section(
        `<mj-button href="${escaped(block.url)}" align="left" background-color="${accent}" color="#ffffff" font-size="16px" font-weight="600" border-radius="6px" inner-padding="12px 20px" padding="12px 0 4px">${escaped(block.text)}</mj-button>
        <mj-text font-size="13px" color="${quiet}" css-class="quiet" padding="4px 0 8px"><a href="${escaped(block.url)}" style="word-break:break-all">${escaped(block.url)}</a></mj-text>`,
      )
  }
}

function section(content: string): string {
  return `<mj-section><mj-column>${content}</mj-column></mj-section>`
}

/** One below the other: side by side, a long label and a long value leave each other no room on a telephone. */
function factsMjml(rows: [label: string, value: string][]): string {
  const fact = ([label, value]: [string, string]) =>
    `<mj-text padding="8px 0 0" font-size="14px" line-height="1.3" color="${quiet}" css-class="quiet">${escaped(label)}</mj-text>
    <mj-text padding="0 0 4px">${escaped(value)}</mj-text>`
  return rows.map(fact).join('')
}

function figuresMjml(rows: [label: string, value: string][]): string {
  const cell = `border-bottom:1px solid ${line};padding:6px 0`
  const row = ([label, value]: [string, string]) =>
    `<tr><td style="${cell};padding-right:16px">${escaped(label)}</td><td align="right" style="${cell};text-align:right">${escaped(value)}</td></tr>`
  return `<mj-table>${rows.map(row).join('')}</mj-table>`
}

function helpLine(supportContact: string): string {
  const link = supportLink(supportContact)
  const contact = escaped(supportContact)
  return link === null
    ? `Still need help? Contact us: ${contact}`
    : `Still need help? <a href="${escaped(link)}">Contact us</a>: ${contact}`
}
