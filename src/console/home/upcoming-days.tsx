/** The next days: reservations and guests, per brand where there are several. */

import { Table, Text } from '@mantine/core'
import type { z } from 'zod'
import type { homeSchema } from '../../contract/api/home.ts'
import { dayText } from '../shared/day-text.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { Figure, numberText } from '../shared/figure.tsx'
import { useWinery } from '../winery.tsx'

type UpcomingDay = z.output<typeof homeSchema>['upcoming'][number]

export function UpcomingDays({ days }: { days: UpcomingDay[] }) {
  const { brands, hasSeveralBrands, winery } = useWinery()
  const shown = brands.filter(({ brand }) => days.some((day) => day.brand === brand))
  if (shown.length === 0) {
    return (
      <EmptyState
        title="Nothing to show yet"
        next="After the initial pull the coming reservations stand here."
      />
    )
  }
  const dates = [...new Set(days.map(({ day }) => day))]
  const find = (day: string, brand: string) => days.find((one) => one.day === day && one.brand === brand)
  const sum = (day: string, of: 'reservations' | 'guests') =>
    days.filter((one) => one.day === day).reduce((total, one) => total + one[of], 0)
  return (
    <>
      <Table aria-label="The next seven days">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Day</Table.Th>
            <Table.Th ta="right">Reservations</Table.Th>
            <Table.Th ta="right">Guests</Table.Th>
            {hasSeveralBrands &&
              shown.map(({ brand, name }) => (
                <Table.Th key={brand} ta="right" visibleFrom="sm">
                  {name}
                </Table.Th>
              ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {dates.map((day) => (
            <Table.Tr key={day}>
              <Table.Th scope="row" fw={500}>
                {dayText(day, { year: undefined })}
              </Table.Th>
              <Table.Td ta="right">
                <Figure
                  value={sum(day, 'reservations')}
                  what={`reservations on ${dayText(day)}`}
                  to="/wineries/$winery/reservations"
                  params={{ winery }}
                  search={{ from: day, to: day }}
                />
              </Table.Td>
              <Table.Td ta="right">{numberText(sum(day, 'guests'))}</Table.Td>
              {hasSeveralBrands &&
                shown.map(({ brand }) => {
                  const there = find(day, brand)
                  return (
                    <Table.Td key={brand} ta="right" visibleFrom="sm">
                      {there ? `${numberText(there.reservations)} / ${numberText(there.guests)}` : '—'}
                    </Table.Td>
                  )
                })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {hasSeveralBrands && (
        <Text size="sm" c="dimmed" mt="xs">
          <Text span inherit visibleFrom="sm">
            Per brand: reservations / guests.{' '}
          </Text>
          Days are those of the brand's own place.
        </Text>
      )}
    </>
  )
}
