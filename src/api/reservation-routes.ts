/** Reservations: the list, one, and its history. */

import { z } from 'zod'
import { historyChangeSchema } from '../contract/api/customer.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import {
  reservationParams,
  reservationSchema,
  reservationsPage,
  reservationsQuery,
} from '../contract/api/reservation.ts'
import { listChanges } from '../crm/changes.ts'
import {
  countReservations,
  type ListedReservation,
  type ReservationPlace,
  readReservation,
  searchReservations,
} from '../crm/reservations-search.ts'
import { brandAsked } from './authorize.ts'
import { isYes, viewerOf } from './customer-routes.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

/** How an instant is written in a cursor: as PostgreSQL has it, to the microsecond. */
const place = z.object({
  sortedBy: z.string().regex(/^(-infinity|[\d :.+-]{10,40})$/),
  reservationId: idText,
})

export function addReservationRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/reservations',
    {
      config: { action: 'reservations.read' },
      schema: {
        tags: ['reservations'],
        operationId: 'searchReservations',
        summary: 'Reservations over all brands, searched, filtered, sorted',
        params: wineryParams,
        querystring: reservationsQuery,
        response: { 200: reservationsPage },
      },
    },
    async (request) => {
      const { winery, query } = request
      const viewer = viewerOf(request)
      const { sort, status, brand } = query
      const filter = {
        from: query.from,
        to: query.to,
        text: query.text,
        firstSeenPull: query.firstSeenPull,
        changedInPull: query.changedInPull,
        experienceId: query.experience,
        customerId: query.customer,
        reservationType: nameOrNone(query.reservationType),
        location: nameOrNone(query.location),
        seatingAreaId: query.seatingArea === 'none' ? null : query.seatingArea,
        isVisit: isYes(query.visit),
        missing: isYes(query.missing),
        statuses: status === undefined ? undefined : [status].flat(),
        brandIds: brand === undefined ? undefined : [(await brandAsked(request, db, brand)).brand_id],
      }
      const page = await pageOfList<ListedReservation, ReservationPlace>(
        query,
        ['reservations', winery.winery_id, viewer, filter, sort],
        {
          shape: place,
          of: ({ sortedBy, reservationId }) => ({ sortedBy, reservationId }),
        },
        (after, limit) => searchReservations(db, winery.winery_id, viewer, filter, { sort, after, limit }),
      )
      const isFirst = query.cursor === undefined
      const total = isFirst ? await countReservations(db, winery.winery_id, viewer, filter) : null
      return { ...page, total }
    },
  )

  api.get(
    '/wineries/:winery/brands/:brand/reservations/:reservation',
    {
      config: { action: 'reservations.read' },
      schema: {
        tags: ['reservations'],
        operationId: 'getReservation',
        summary: "One reservation, by its brand and Tock's number",
        params: reservationParams,
        response: { 200: reservationSchema },
      },
    },
    async ({ brand, params }) => {
      const found = await readReservation(db, brand.winery_id, brand.brand_id, params.reservation)
      if (!found) throw notThere()
      return found
    },
  )

  api.get(
    '/wineries/:winery/brands/:brand/reservations/:reservation/changes',
    {
      config: { action: 'reservations.read' },
      schema: {
        tags: ['reservations'],
        operationId: 'listReservationChanges',
        summary: 'What became of a reservation, field by field, the latest first',
        params: reservationParams,
        querystring: pageQuery,
        response: { 200: pageOf(historyChangeSchema) },
      },
    },
    async ({ brand, params, query }) => {
      const found = await readReservation(db, brand.winery_id, brand.brand_id, params.reservation)
      if (!found) throw notThere()
      const of = { entity: 'reservation', id: found.reservationId } as const
      return pageOfList(
        query,
        ['reservation changes', brand.winery_id, found.reservationId],
        { shape: idText, of: (change) => change.changeId },
        (after, limit) => listChanges(db, brand.winery_id, of, { after, limit }),
      )
    },
  )
}

function nameOrNone(given: string | undefined): string | null | undefined {
  return given === 'unmapped' ? null : given
}
