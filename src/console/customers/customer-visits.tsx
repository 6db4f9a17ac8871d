/** A customer's reservations on a line of time, the latest first. */

import { Button, Stack, Text, Timeline } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { type reservationSchema, reservationsPage } from '../../contract/api/reservation.ts'
import { ask, at, type Trouble } from '../ask.ts'
import { TextLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { ReservationStatus } from '../shared/reservation-status.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { LocalTime } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

type Reservation = z.output<typeof reservationSchema>

export function CustomerVisits({ customerId }: { customerId: string }) {
  const { winery } = useWinery()
  const path = at`/wineries/${winery}/reservations`
  const pages = useInfiniteQuery<
    z.output<typeof reservationsPage>,
    Trouble,
    Reservation[],
    unknown[],
    string | null
  >({
    queryKey: ['api', path, 'of a customer', customerId],
    queryFn: ({ pageParam: cursor, signal }) =>
      ask('GET', path, reservationsPage, { query: { customer: customerId, limit: 20, cursor }, signal }),
    initialPageParam: null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  if (pages.error) return <TroubleNotice error={pages.error} again={pages.refetch} />
  if (!pages.data) return <Loading />
  if (pages.data.length === 0) return <Text>No reservation is linked to this customer.</Text>
  const upcoming = pages.data.findIndex(({ startsAt }) => startsAt < new Date())
  return (
    <Stack gap="md" align="flex-start">
      <Timeline
        bulletSize={14}
        lineWidth={2}
        // Filled: what has been.
        active={upcoming === -1 ? -1 : pages.data.length}
        aria-label="Reservations, the latest first"
      >
        {pages.data.map((reservation) => (
          <Timeline.Item key={reservation.reservationId} title={<When reservation={reservation} />}>
            <What reservation={reservation} />
          </Timeline.Item>
        ))}
      </Timeline>
      {pages.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </Stack>
  )
}

function When({ reservation }: { reservation: Reservation }) {
  const { winery } = useWinery()
  const { brand, tockKey, localStart, timeZone, startsAt } = reservation
  return (
    <TextLink
      to="/wineries/$winery/reservations/$brand/$reservation"
      params={{ winery, brand, reservation: tockKey }}
      inherit
    >
      <LocalTime local={localStart} zone={timeZone} at={startsAt} />
    </TextLink>
  )
}

function What({ reservation }: { reservation: Reservation }) {
  const { brands, hasSeveralBrands } = useWinery()
  const { brand, experience, reservationType, partySize, location, isVisit, startsAt } = reservation
  const parts = [
    hasSeveralBrands && (brands.find((one) => one.brand === brand)?.name ?? brand),
    reservationType ?? experience,
    partySize !== null && `party of ${partySize}`,
    location,
    startsAt > new Date() ? 'upcoming' : isVisit ? 'a visit' : 'no visit',
  ].filter(Boolean)
  return (
    <>
      <Text size="sm" c="dimmed">
        {parts.join(' · ')}
      </Text>
      <ReservationStatus status={reservation.status} missingSince={reservation.missingSince} />
    </>
  )
}
