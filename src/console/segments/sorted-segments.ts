/** The list comes whole: searched, filtered and sorted here. */

import type { SavedSegment } from './use-segments.ts'

type Search = {
  q?: string | undefined
  kind?: string | undefined
  sort?: string | undefined
}

export function sortedSegments(all: SavedSegment[], { q = '', kind, sort = 'name' }: Search): SavedSegment[] {
  const wanted = q.trim().toLowerCase()
  const by = sort.replace(/^-/, '')
  const direction = sort.startsWith('-') ? -1 : 1
  return all
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .filter(
      (one) => kind === undefined || (kind === 'campaign' ? one.campaignName !== null : one.kind === kind),
    )
    .sort((one, other) => direction * compare(keyOf(one, by), keyOf(other, by)))
}

function keyOf(one: SavedSegment, by: string): string | number {
  switch (by) {
    case 'matching':
      return one.matching ?? -1
    case 'mayMail':
      return one.mayMail ?? -1
    case 'recordedAt':
      return one.recordedAt.getTime()
    case 'lastExportedAt':
      return one.lastExportedAt?.getTime() ?? 0
    default:
      return one.name.toLowerCase()
  }
}

function compare(one: string | number, other: string | number): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : String(one).localeCompare(String(other))
}
