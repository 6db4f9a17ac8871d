/** Compare with Tock: reservations and guests per brand and day, to hold beside Tock's own report. */

import { Alert, List, Text, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { reservationDaySchema } from '../../contract/api/reservation.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { type DataColumn, DataTable } from '../shared/data-table.tsx'
import { dayText } from '../shared/day-text.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { Figure, numberText } from '../shared/figure.tsx'
import { FilterBar } from '../shared/filter-bar.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { compareSearch } from './pull-search.ts'

type Day = z.output<typeof reservationDaySchema>
type Count = Exclude<keyof Day, 'brand' | 'day'>
const columns: { name: Count; header: string; search: Record<string, string> }[] = [
  { name: 'reservations', header: 'Reservations', search: { missing: 'false' } },
  { name: 'guests', header: 'Guests', search: {} },
  { name: 'walkIns', header: 'Of them walk-ins', search: { missing: 'false', experience: 'walk-in' } },
  { name: 'noShows', header: 'Of them no-shows', search: { missing: 'false', status: 'No Show' } },
  { name: 'cancelled', header: 'Cancelled, transferred', search: { missing: 'false', status: 'Cancelled' } },
  { name: 'missing', header: 'No longer in Tock', search: { missing: 'true' } },
]
const daysAtFirst = 14

export function ComparePage() {
  const { winery, brands, hasSeveralBrands, timeZone } = useWinery()
  const [search, change] = useUrlSearch(compareSearch)
  const to = search.to ?? dayAgo(0)
  const from = search.from ?? dayAgo(daysAtFirst - 1)
  const days = useQuery({
    ...reading(at`/wineries/${winery}/reservation-days`, z.object({ items: z.array(reservationDaySchema) }), {
      brand: search.brand,
      from,
      to,
    }),
    placeholderData: keepPreviousData,
  })
  const rows = days.data?.items ?? []
  const sum = (name: Count) => rows.reduce((total, row) => total + row[name], 0)
  return (
    <Page
      title="Compare with Tock"
      intro="What is stored, per day. Hold it beside Tock's own report of the same days."
    >
      <Section title="Which report of Tock to hold beside it">
        <List size="sm" spacing={4} type="ordered">
          <List.Item>
            For one day: in Tock's dashboard, that day's <b>Operations</b> reports, which have the guest list
            and the cover count.
          </List.Item>
          <List.Item>
            For several days: <b>Reports</b>, then <b>Daily Details</b>, downloaded as CSV. It goes by the day
            of the visit. It is about income: bookings for which nothing was paid may stand in the guest list
            alone. Sales and Transactions go by the day of the booking; they do not fit.
          </List.Item>
          <List.Item>
            <b>Reservations</b> and <b>guests</b> here are those neither cancelled nor transferred. No-shows
            and walk-ins are among them.
          </List.Item>
          <List.Item>
            Leave out take-out and delivery there: they are orders, and are not kept here.
          </List.Item>
          <List.Item>
            Tock shows this minute; here stands its last snapshot:
            {brands.map((brand) => (
              <Text key={brand.brand} size="sm">
                {hasSeveralBrands && `${brand.name}: `}
                {brand.lastSnapshotAt ? (
                  <When at={brand.lastSnapshotAt} zone={brand.timeZone ?? timeZone} />
                ) : (
                  'none yet'
                )}
              </Text>
            ))}
          </List.Item>
        </List>
      </Section>
      <FilterBar
        clear={
          search.from || search.to || search.brand
            ? () => change({ from: undefined, to: undefined, brand: undefined })
            : undefined
        }
      >
        <TextInput
          type="date"
          label="First day"
          value={from}
          max={to}
          onChange={({ currentTarget: { value } }) => change({ from: value || undefined, to })}
        />
        <TextInput
          type="date"
          label="Last day"
          value={to}
          min={from}
          onChange={({ currentTarget: { value } }) => change({ to: value || undefined, from })}
        />
        <BrandFilter value={search.brand} change={(brand) => change({ brand })} />
      </FilterBar>
      {rows.length > 0 && (
        <Text>
          Together: <b>{numberText(sum('reservations'))}</b> reservations, <b>{numberText(sum('guests'))}</b>{' '}
          guests; {numberText(sum('walkIns'))} walk-ins and {numberText(sum('noShows'))} no-shows among them.
          Apart: {numberText(sum('cancelled'))} cancelled or transferred, {numberText(sum('missing'))} no
          longer in Tock.
        </Text>
      )}
      <DataTable
        name="Reservations and guests per day"
        list={{ ...days, data: days.data && { ...days.data, nextCursor: null } }}
        rowKey={(row) => `${row.day} ${row.brand}`}
        isWhole
        columns={[
          { id: 'day', header: 'Day', isTitle: true, cell: ({ day }) => dayText(day) },
          hasSeveralBrands && { id: 'brand', header: 'Brand', cell: (row) => row.brand },
          ...columns.map(
            ({ name, header, search: more }): DataColumn<Day> => ({
              id: name,
              header,
              align: 'right',
              cell: (row) =>
                name === 'guests' ? (
                  numberText(row.guests)
                ) : (
                  <Figure
                    value={row[name]}
                    what={`${header.toLowerCase()} on ${dayText(row.day)}`}
                    to="/wineries/$winery/reservations"
                    params={{ winery }}
                    search={{ brand: row.brand, from: row.day, to: row.day, ...more }}
                  />
                ),
            }),
          ),
        ]}
        empty={
          <EmptyState
            title="No reservation on these days"
            next="Choose other days, or look among the pulls whether one was applied."
          />
        }
      />
      <Alert color="blue" title="When they differ">
        <Text size="sm">
          Look first whether Tock was changed after the snapshot. Then pull again, and compare once more. If a
          difference stays, tell us the day and the reservation's number.
        </Text>
      </Alert>
    </Page>
  )
}

function dayAgo(days: number): string {
  const at = new Date(Date.now() - days * 86_400_000)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}
