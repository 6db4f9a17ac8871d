/** What the `customers` commands say to a person. */

import type { ErasureReceipt } from '../crm/customers-erase.ts'
import type { ImportResult } from '../crm/customers-import.ts'
import type { OptOutResult } from '../crm/customers-opt-out.ts'
import type { ReleaseResult } from '../crm/customers-release.ts'

const linesShown = 20

export function importText(result: ImportResult): string {
  const counted: [string, number][] = [
    ['created', result.created],
    ['updated', result.updated],
    ['unchanged', result.unchanged],
    ['taken over from Tock', result.takenOver],
    ['repeated further down', result.repeated],
    ['erased, skipped', result.erasedSkipped],
    ['not imported', result.bad.length],
  ]
  return [
    `${count(result.rows, 'row')}: ${counted
      .filter(([, number]) => number > 0)
      .map(([word, number]) => `${number.toLocaleString('en-US')} ${word}`)
      .join(', ')}.`,
    ...listed(
      'Not imported:',
      result.bad.map(({ line, problem }) => `line ${line}: ${problem}`),
    ),
    ...listed('Remarks:', result.remarks),
    ...(result.unknownColumns.length > 0
      ? ['', `Columns that were not read: ${result.unknownColumns.join(', ')}.`]
      : []),
  ].join('\n')
}

export function releaseText(result: ReleaseResult, winery: string, dryRun: boolean): string {
  if (result.released === 0) return result.note
  const done = dryRun ? 'would be released' : 'released'
  const mailed = `${result.mayBeMailed.toLocaleString('en-US')} of them may be mailed`
  const undo =
    result.releaseId === null
      ? ''
      : `\nTo take it back: customers take-back ${result.releaseId} --winery ${winery}`
  return `${count(result.released, 'customer')} ${done} for marketing; ${mailed}${dryRun ? ' then' : ''}.\n${result.note}${undo}`
}

export function optOutText(result: OptOutResult): string {
  return [
    `${count(result.optedOut, 'customer')} opted out of e-mail${result.alreadyOut > 0 ? `; ${result.alreadyOut} had been before` : ''}.`,
    ...listed(
      `${count(result.unknown.length, 'address', 'addresses')} that no customer has:`,
      result.unknown.map(({ line }) => `line ${line}`),
    ),
    ...listed(
      'Not read:',
      result.bad.map(({ line, problem }) => `line ${line}: ${problem}`),
    ),
  ].join('\n')
}

export function eraseText(receipt: ErasureReceipt): string {
  return [
    receipt.found
      ? `Erased: ${count(receipt.customers, 'customer')}, ${count(receipt.patrons, 'Tock guest')}, ${count(receipt.exceptions, 'exception')}. ${count(receipt.reservations, 'reservation')} ${receipt.reservations === 1 ? 'stays' : 'stay'}, without the person.`
      : 'Nothing was found of this address.',
    'No pull and no import will bring the person back.',
    ...listed(
      'These exports carried the person; delete the files:',
      receipt.exports.map(({ exportId, name, madeAt }) => `export ${exportId} "${name}", made ${madeAt}`),
    ),
    ...listed(
      'These downloads of whom a preview found may carry the person; delete the files:',
      receipt.previewDownloads.map(
        ({ pullId, downloadedAt }) => `preview ${pullId}, downloaded ${downloadedAt}`,
      ),
    ),
    ...(receipt.segments > 0
      ? [`The address stood in ${count(receipt.segments, 'segment')}; "[erased]" stands there now.`]
      : []),
    ...(receipt.scheduledFiles > 0
      ? [
          `Written anew without the person, within minutes: ${count(receipt.scheduledFiles, 'scheduled file')}.`,
        ]
      : []),
    receipt.wholeDatabaseBackupsRemark,
  ].join('\n')
}

function listed(title: string, lines: string[]): string[] {
  if (lines.length === 0) return []
  const more = lines.length - linesShown
  return [
    '',
    title,
    ...lines.slice(0, linesShown).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more.toLocaleString('en-US')} more (--json lists all)`] : []),
  ]
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`
}
