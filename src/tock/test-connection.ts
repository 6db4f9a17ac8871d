/** Tries out what was entered for a brand, with as little reading as shows that it is right: the list and one file. */

import { makeBudget } from './budget.ts'
import type { TockConnection } from './connection.ts'
import { startDownload } from './download.ts'
import type { FileKind, ReservationsFile } from './kept-rows.ts'
import type { ListedFile } from './list-snapshot.ts'
import { withListing } from './listings.ts'
import { assertOwnBusiness } from './own-business.ts'
import { readReservations } from './read-reservations.ts'
import { UnreadableFile } from './unreadable-file.ts'

export type ConnectionTest = {
  /** What Tock calls the business, and its zone; null while it has no reservations. */
  businessName: string | null
  timeZone: string | null
  reservationFiles: number
  guestFiles: number
}

/** @throws Refusal, also `wrong_business` */
export async function testConnection(
  connection: TockConnection,
  signal?: AbortSignal,
): Promise<ConnectionTest> {
  const budget = makeBudget(connection.retry)
  return await withListing({
    connection,
    budget,
    signal,
    async work({ files }) {
      const count = (kind: FileKind) => files.filter((file) => file.kind === kind).length
      const file = files.find(({ kind }) => kind === 'reservations')
      const first = file ? await readFirst(file) : null
      if (first) assertOwnBusiness(first.businessIds, connection)
      return {
        businessName: first?.businessName ?? null,
        timeZone: first?.timeZone ?? null,
        reservationFiles: count('reservations'),
        guestFiles: count('guests'),
      }
    },
  })

  async function readFirst(file: ListedFile): Promise<ReservationsFile> {
    const download = startDownload({ file, knownEtag: null, budget, signal })
    for (;;) {
      const { bytes } = await download.fetched()
      try {
        return readReservations(bytes ?? new Uint8Array(), () => {})
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error
        await download.unreadable()
      }
    }
  }
}
