/** What waits for a person at a winery, in counts: exceptions, mapping, customers to be released. */

import { sql } from 'kysely'
import type { WineryTransaction } from '../database/tenant-session.ts'

export type Waiting = {
  sentences: string[]
  /** Something of it came within the span; what waits for long is told, and is no reason for a mail of its own. */
  isNew: boolean
  notReleased: number
}

export async function readWaiting(
  trx: WineryTransaction,
  wineryId: string,
  span: { from: Date; to: Date; nightlyRelease: string },
): Promise<Waiting> {
  const { rows } = await sql<Counts>`
    select
      exceptions.*,
      experiences.*,
      areas.*,
      customers.*
    from (
      select count(*)::int as exceptions, (count(*) filter (where first_seen_at >= ${span.from}))::int as "newExceptions"
      from ecellar.exceptions
      where winery_id = ${wineryId} and resolved_at is null
    ) exceptions, (
      select count(*)::int as experiences, (count(*) filter (where first_seen_at >= ${span.from}))::int as "newExperiences"
      from ecellar.experiences
      where winery_id = ${wineryId} and reservation_type_id is null and not ignored
    ) experiences, (
      select count(*)::int as areas, (count(*) filter (where a.first_seen_at >= ${span.from}))::int as "newAreas"
      from ecellar.seating_areas a
      join ecellar.brands b on b.winery_id = a.winery_id and b.brand_id = a.brand_id
      where a.winery_id = ${wineryId} and coalesce(a.location_id, b.default_location_id) is null
    ) areas, (
      select
        count(*)::int as unreleased,
        (count(*) filter (where release_due_at is null and created_at >= ${span.from}))::int as "newByHand"
      from ecellar.customers
      where winery_id = ${wineryId} and released_at is null
    ) customers`.execute(trx)
  const [counts] = rows
  if (!counts) return { sentences: [], isNew: false, notReleased: 0 }
  const byHand = span.nightlyRelease === 'by-hand' ? counts.newByHand : 0
  return {
    sentences: [
      ...waits(
        counts.exceptions,
        counts.newExceptions,
        'exception waits',
        'exceptions wait',
        'for a decision',
      ),
      ...waits(
        counts.experiences,
        counts.newExperiences,
        'Tock experience is',
        'Tock experiences are',
        'not mapped to a reservation type yet',
      ),
      ...waits(
        counts.areas,
        counts.newAreas,
        'seating area is',
        'seating areas are',
        'not mapped to a location yet',
      ),
      ...waits(byHand, 0, 'new customer waits', 'new customers wait', 'to be released by hand'),
    ],
    isNew: counts.newExceptions + counts.newExperiences + counts.newAreas + byHand > 0,
    notReleased: counts.unreleased,
  }
}

type Counts = {
  exceptions: number
  newExceptions: number
  experiences: number
  newExperiences: number
  areas: number
  newAreas: number
  unreleased: number
  newByHand: number
}

function waits(count: number, isNew: number, one: string, many: string, how: string): string[] {
  if (count === 0) return []
  const fresh = isNew === 0 ? '' : isNew === count ? ' (new)' : ` (${isNew.toLocaleString('en-US')} new)`
  return [`${count.toLocaleString('en-US')} ${count === 1 ? one : many} ${how}${fresh}.`]
}
