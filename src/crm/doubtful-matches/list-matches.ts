/** The queue of doubtful matches, page by page, and one of them. */

import { sql } from 'kysely'
import { Refusal } from '../../contract/errors.ts'
import {
  type DecisionKind,
  type DoubtfulCode,
  decisionsOf,
  doubtfulCodes,
} from '../../contract/exception-decisions.ts'
import type { Db } from '../../database/connect.ts'
import type { Id } from '../../database/rows.ts'
import { inWinery, type WineryTransaction } from '../../database/tenant-session.ts'
import type { Viewer } from '../customers-search.ts'
import { type ExceptionState, type ListedException, pageOfExceptions } from '../exception-lists.ts'
import { type MatchSide, sidesOf } from './sides.ts'

export type DoubtfulMatch = ListedException & {
  code: DoubtfulCode
  partyNames: string[]
  decisions: readonly DecisionKind[]
  sides: MatchSide[]
}

/** The newest first. */
export async function pageOfMatches(
  db: Db,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  part: {
    brandIds: Id[] | null
    codes?: readonly DoubtfulCode[] | undefined
    state: ExceptionState
    before: string | null
    limit: number
    only?: Id
  },
): Promise<DoubtfulMatch[]> {
  const { codes = doubtfulCodes } = part
  const rows = await pageOfExceptions(db, wineryId, { ...part, codes })
  const ids = rows.map((row) => row.exception_id)
  return inWinery(db, wineryId, async (trx) => {
    const sides = await sidesOf(trx, wineryId, viewer, ids)
    const names = await partyNamesOf(trx, wineryId, ids)
    return rows.map((row) => ({
      ...row,
      code: row.code as DoubtfulCode,
      partyNames: names.get(row.exception_id) ?? [],
      decisions: decisionsOf[row.code],
      sides: sides.get(row.exception_id) ?? [],
    }))
  })
}

/** @throws Refusal not_found */
export async function readMatch(
  db: Db,
  wineryId: Id,
  exceptionId: string,
  viewer: Pick<Viewer, 'brandIds'> = { brandIds: null },
): Promise<DoubtfulMatch> {
  const part = { ...viewer, state: 'all', before: null, limit: 1, only: exceptionId } as const
  const [match] = /^\d{1,18}$/.test(exceptionId) ? await pageOfMatches(db, wineryId, viewer, part) : []
  if (match) return match
  throw new Refusal(
    'not_found',
    `There is no doubtful match ${exceptionId} at this winery.`,
    'Take the id from the list of exceptions. Rows that could not be stored have no two sides.',
  )
}

/**
 * Who is limited to some brands does not decide over customers of others.
 * @throws Refusal invalid
 */
export async function assertSidesSeen(
  db: Db,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  exceptionId: Id,
): Promise<void> {
  const sides = await inWinery(db, wineryId, (trx) => sidesOf(trx, wineryId, viewer, [exceptionId]))
  if ([...sides.values()].flat().every((side) => side.isSeen)) return
  throw new Refusal(
    'invalid',
    'This is about a customer of brands that are not yours.',
    'Ask somebody who sees all brands of the winery.',
  )
}

/** Who has booked with an address that looks shared: the latest dozen. */
async function partyNamesOf(trx: WineryTransaction, wineryId: Id, ids: Id[]): Promise<Map<Id, string[]>> {
  const { rows } = await sql<{ exception_id: Id; names: string[] }>`
    select x.exception_id, array(
      select named.party_name
      from (
        select min(r.party_name) as party_name, max(r.starts_at) as latest
        from ecellar.patrons p
        join ecellar.reservations r on r.winery_id = p.winery_id and r.guest_patron_id = p.patron_id
        where p.winery_id = x.winery_id and p.email_key = x.email_key and r.party_name is not null
        group by lower(r.party_name)
      ) named
      order by named.latest desc
      limit 12
    ) as names
    from ecellar.exceptions x
    where x.winery_id = ${wineryId} and x.exception_id = any(${ids}::bigint[]) and x.code = 'shared_address_proposed'`.execute(
    trx,
  )
  return new Map(rows.map((row) => [row.exception_id, row.names]))
}
