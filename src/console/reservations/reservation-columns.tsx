/** How a reservation is told in a row, in the list and of a day. */

import type { z } from 'zod'
import type { reservationSchema } from '../../contract/api/reservation.ts'
import type { DataColumn } from '../shared/data-table.tsx'
import { clockText } from '../shared/day-text.ts'
import { TextLink } from '../shared/links.tsx'
import { ReservationStatus } from '../shared/reservation-status.tsx'
import { LocalTime, zoneNote } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

export type Reservation = z.output<typeof reservationSchema>

/** @param props.isOfOneDay the day need not be told */
export function useReservationColumns(props: { isOfOneDay: boolean }): (DataColumn<Reservation> | false)[] {
  const { winery, brands, hasSeveralBrands } = useWinery()
  const nameOf = (code: string) => brands.find(({ brand }) => brand === code)?.name ?? code
  return [
    {
      id: 'start',
      header: props.isOfOneDay ? 'Time' : 'Date and time',
      ...(props.isOfOneDay ? {} : { sort: 'startsAt' }),
      isTitle: true,
      cell: ({ brand, tockKey, localStart, timeZone, startsAt }) => (
        <TextLink
          to="/wineries/$winery/reservations/$brand/$reservation"
          params={{ winery, brand, reservation: tockKey }}
          style={{ whiteSpace: 'nowrap' }}
        >
          {props.isOfOneDay ? (
            `${clockText(localStart.slice(11, 16))}${zoneNote(timeZone, startsAt)}`
          ) : (
            <LocalTime local={localStart} zone={timeZone} at={startsAt} />
          )}
        </TextLink>
      ),
    },
    hasSeveralBrands && { id: 'brand', header: 'Brand', cell: ({ brand }) => nameOf(brand) },
    {
      id: 'party',
      header: 'Party',
      cell: ({ partyName, customerId }) =>
        customerId === null ? (
          (partyName ?? '—')
        ) : (
          <TextLink to="/wineries/$winery/customers/$customer" params={{ winery, customer: customerId }}>
            {partyName ?? 'No name'}
          </TextLink>
        ),
    },
    { id: 'size', header: 'Size', align: 'right', cell: ({ partySize }) => partySize ?? '—' },
    {
      id: 'status',
      header: 'Status',
      cell: ({ status, missingSince }) => <ReservationStatus status={status} missingSince={missingSince} />,
    },
    {
      id: 'type',
      header: 'Reservation type',
      cell: ({ reservationType, experience, experienceId }) =>
        reservationType ?? `Not mapped (${experience ?? experienceId ?? 'no experience'})`,
    },
    {
      id: 'location',
      header: 'Location',
      cell: ({ location, seatingArea }) =>
        location ?? (seatingArea === null ? 'Not mapped' : `Not mapped (${seatingArea})`),
    },
  ]
}
