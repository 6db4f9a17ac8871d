/** Reservations of all brands as a list: searched, filtered, sorted. */

import { Text, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { reservationsPage } from '../../contract/api/reservation.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { FilterBar, SearchBox, SelectFilter } from '../shared/filter-bar.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Page } from '../shared/page.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { useReservationColumns } from './reservation-columns.tsx'
import { ReservationFilters } from './reservation-filters.tsx'
import { ReservationTabs } from './reservation-tabs.tsx'
import { reservationsSearch } from './reservations-search.ts'

export function ReservationsPage() {
  const { winery } = useWinery()
  const [search, change] = useUrlSearch(reservationsSearch)
  const { q, sort = '-startsAt', ...filters } = search
  const list = useQuery({
    ...reading(at`/wineries/${winery}/reservations`, reservationsPage, {
      text: q,
      sort,
      limit: 50,
      ...filters,
    }),
    placeholderData: keepPreviousData,
  })
  const columns = useReservationColumns({ isOfOneDay: false })
  const nothing = Object.fromEntries(Object.keys(reservationsSearch.shape).map((name) => [name, undefined]))
  const isFiltered = Object.entries(search).some(
    ([name, value]) => value && !['sort', 'cursor'].includes(name),
  )
  const total = list.data?.total ?? null
  return (
    <Page title="Reservations" intro="As Tock has them. Times are those of the place that the guest came to.">
      <ReservationTabs />
      <GuestPrivacy />
      <FilterBar clear={isFiltered ? () => change(nothing) : undefined}>
        <SearchBox label="Name, address, notes or number" value={q} change={(text) => change({ q: text })} />
        <TextInput
          type="date"
          label="From"
          value={search.from ?? ''}
          onChange={({ currentTarget: { value } }) => change({ from: value || undefined })}
        />
        <TextInput
          type="date"
          label="Until"
          value={search.to ?? ''}
          onChange={({ currentTarget: { value } }) => change({ to: value || undefined })}
        />
        <ReservationFilters search={search} change={change} />
        <SelectFilter
          label="Counts as a visit"
          all="All"
          value={search.visit}
          choices={[
            { value: 'true', label: 'A visit' },
            { value: 'false', label: 'No visit' },
          ]}
          change={(visit) => change({ visit })}
        />
        <SelectFilter
          label="In Tock"
          all="All"
          value={search.missing}
          choices={[
            { value: 'false', label: 'Still in Tock' },
            { value: 'true', label: 'No longer in Tock' },
          ]}
          change={(missing) => change({ missing })}
        />
      </FilterBar>
      <AlsoFiltered search={search} />
      {total !== null && total > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {numberText(total)} {total === 1 ? 'reservation' : 'reservations'}
        </Text>
      )}
      <DataTable
        name="Reservations"
        list={list}
        rowKey={({ reservationId }) => reservationId}
        sort={{ value: sort, change: (by) => change({ sort: by }) }}
        columns={columns}
        empty={
          isFiltered ? (
            <EmptyState title="No reservation is like this" next="Take a filter away, or search for less." />
          ) : (
            <EmptyState title="No reservations yet" next="The initial pull brings them in." />
          )
        }
      />
    </Page>
  )
}

/** Filters that come with a link from elsewhere and have no field of their own. */
function AlsoFiltered({ search }: { search: Record<string, string | undefined> }) {
  const words = [
    search.customer && 'of one customer',
    search.seatingArea &&
      (search.seatingArea === 'none' ? 'without a seating area' : `of seating area ${search.seatingArea}`),
    search.firstSeenPull && `that pull ${search.firstSeenPull} brought`,
    search.changedInPull && `that pull ${search.changedInPull} added or changed`,
  ].filter(Boolean)
  return words.length === 0 ? null : <Text size="sm">Only reservations {words.join(', ')}.</Text>
}
