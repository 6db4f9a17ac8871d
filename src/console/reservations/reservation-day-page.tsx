/** The reservations of one day, in the order of the day, with how many guests are expected. */

import { Button, Group, Text, TextInput, Title } from '@mantine/core'
import { ChevronLeftIcon, ChevronRightIcon } from '@radix-ui/react-icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { reservationsPage } from '../../contract/api/reservation.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { dayText } from '../shared/day-text.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { FilterBar } from '../shared/filter-bar.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Page } from '../shared/page.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { type Reservation, useReservationColumns } from './reservation-columns.tsx'
import { ReservationFilters } from './reservation-filters.tsx'
import { ReservationTabs } from './reservation-tabs.tsx'
import { daySearch } from './reservations-search.ts'

export function ReservationDayPage() {
  const { winery, timeZone, hasSeveralBrands } = useWinery()
  const [search, change] = useUrlSearch(daySearch)
  const { day = todayIn(timeZone), brand, status, experience, reservationType, location, cursor } = search
  const filters = { brand, status, experience, reservationType, location }
  const list = useQuery({
    ...reading(at`/wineries/${winery}/reservations`, reservationsPage, {
      ...filters,
      from: day,
      to: day,
      sort: 'startsAt',
      cursor,
      limit: 200,
    }),
    placeholderData: keepPreviousData,
  })
  const columns = useReservationColumns({ isOfOneDay: true })
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  const go = (days: number) => change({ day: dayAfter(day, days) })
  const none = Object.fromEntries(Object.keys(filters).map((name) => [name, undefined]))
  return (
    <Page
      title="Reservations by day"
      {...(hasSeveralBrands ? { intro: "Each brand's day is that of its place." } : {})}
    >
      <ReservationTabs />
      <GuestPrivacy />
      <Group gap="sm" align="flex-end">
        <Button variant="default" onClick={() => go(-1)} aria-label="The day before" px="xs">
          <ChevronLeftIcon />
        </Button>
        <TextInput
          type="date"
          label="Day"
          value={day}
          onChange={({ currentTarget: { value } }) => value !== '' && change({ day: value })}
        />
        <Button variant="default" onClick={() => go(1)} aria-label="The day after" px="xs">
          <ChevronRightIcon />
        </Button>
        <Button variant="default" onClick={() => change({ day: undefined })}>
          Today
        </Button>
      </Group>
      <FilterBar clear={isFiltered ? () => change(none) : undefined}>
        <ReservationFilters search={search} change={change} />
      </FilterBar>
      <div>
        <Title order={2}>{dayText(day, { weekday: 'long', month: 'long' })}</Title>
        <Text c="dimmed" size="sm" role="status">
          {list.data && summary(list.data.items, list.data.total)}
        </Text>
      </div>
      <DataTable
        name={`Reservations of ${dayText(day)}`}
        list={list}
        rowKey={({ reservationId }) => reservationId}
        columns={columns}
        empty={
          <EmptyState
            title="No reservations on this day"
            next={isFiltered ? 'Take a filter away, or go to another day.' : 'Go to another day.'}
          />
        }
      />
    </Page>
  )
}

const notComing = ['Cancelled', 'Transferred', 'No Show']

function summary(items: Reservation[], total: number | null): string {
  if (items.length === 0) return ''
  const all = `${numberText(total ?? items.length)} ${items.length === 1 ? 'reservation' : 'reservations'}`
  // Of more than a page only the number is known.
  if (total === null || total > items.length) return all
  const coming = items.filter(
    ({ status, missingSince }) => !notComing.includes(status) && missingSince === null,
  )
  const guests = coming.reduce((sum, { partySize }) => sum + (partySize ?? 0), 0)
  const off = items.length - coming.length
  const others = off === 0 ? '' : `, ${numberText(off)} cancelled, transferred, no show or no longer in Tock`
  return `${all}: ${numberText(coming.length)} with ${numberText(guests)} guests${others}`
}

function todayIn(timeZone: string): string {
  // The Swedish way to write a date is the ISO one.
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date())
}

function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
