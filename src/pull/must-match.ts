/** A pull that somebody has confirmed by its preview: it is applied only with that preview's figures. */

import { Refusal } from '../contract/errors.ts'
import type { PullReport } from '../contract/pull-report.ts'
import type { Db } from '../database/connect.ts'
import type { BrandToPull } from './prepare.ts'
import { readReport } from './read-report.ts'

/** @throws Refusal not_found, invalid when it is no preview of what the brand is now */
export async function readConfirmedPreview(db: Db, brand: BrandToPull, pullId: string): Promise<PullReport> {
  const { report, wineryId, businessId } = await readReport(db, pullId)
  if (wineryId === brand.wineryId && report.brand === brand.brand && businessId === brand.businessId) {
    if (report.status === 'previewed') return report
  }
  throw new Refusal(
    'invalid',
    `Pull ${pullId} is no preview of this brand with its present Business ID.`,
    'Look at a new preview and have it confirmed.',
  )
}

/** @throws Refusal invalid that says which figures changed */
export function assertSameFigures(report: PullReport, preview: PullReport): void {
  const now = figuresOf(report)
  const confirmed = new Map(figuresOf(preview))
  const changed = now.flatMap(([name, figure]) => {
    const before = confirmed.get(name)
    return before === figure ? [] : [`${name} ${figure} (confirmed: ${before})`]
  })
  if (changed.length === 0) return
  throw new Refusal(
    'invalid',
    `The figures are no longer those of preview ${preview.pullId}, which was confirmed: ${changed.join(', ')}. Nothing was changed.`,
    'Look at a new preview and have it confirmed.',
  )
}

function figuresOf(report: PullReport): [name: string, figure: number][] {
  const { reservations, guests, customers, experiences, locations } = report
  return Object.entries({ reservations, guests, customers, experiences, locations }).flatMap(
    ([of, figures]) =>
      Object.entries(figures).map(([name, figure]): [string, number] => [`${of} ${inWords(name)}`, figure]),
  )
}

const inWords = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
