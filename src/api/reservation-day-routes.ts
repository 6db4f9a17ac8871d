/** Reservations and guests per brand and day. */

import { z } from 'zod'
import { wineryParams } from '../contract/api/parts.ts'
import { daysQuery, reservationDaySchema } from '../contract/api/reservation.ts'
import { Refusal } from '../contract/errors.ts'
import { reservationDays } from '../crm/reservation-days.ts'
import { brandsAsked } from './authorize.ts'
import type { Api, Parts } from './parts.ts'

const longestDays = 366

export function addReservationDayRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.get(
    '/wineries/:winery/reservation-days',
    {
      config: { action: 'reservations.read' },
      schema: {
        tags: ['reservations'],
        operationId: 'countReservationDays',
        summary: "Reservations and guests per brand and day, to hold against Tock's own reports",
        params: wineryParams,
        querystring: daysQuery,
        response: { 200: z.object({ items: z.array(reservationDaySchema) }) },
      },
    },
    async (request) => {
      const { query, winery } = request
      const now = Temporal.Instant.fromEpochMilliseconds(clock().getTime())
      const to = query.to ?? now.toZonedDateTimeISO(winery.time_zone).toPlainDate().toString()
      const from = query.from ?? Temporal.PlainDate.from(to).subtract({ days: 13 }).toString()
      const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
      if (days < 1 || days > longestDays) {
        throw new Refusal(
          'invalid',
          'The last day comes before the first, or more than a year after it.',
          'Ask for a year at most.',
        )
      }
      const brandIds = await brandsAsked(request, db, query.brand)
      return { items: await reservationDays(db, winery.winery_id, { brandIds, from, to }) }
    },
  )
}
