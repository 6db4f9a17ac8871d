/** The figures of a pull, as a sum that a person can follow; each leads to its rows where there are any. */

import { SimpleGrid, Text } from '@mantine/core'
import type { PullReport } from '../../contract/pull-report.ts'
import { Figure, numberText } from '../shared/figure.tsx'
import { type FigureRow, FigureRows } from '../shared/figure-rows.tsx'
import { Section } from '../shared/section.tsx'
import { useWinery } from '../winery.tsx'

type Link = Omit<Parameters<typeof Figure>[0], 'value' | 'what' | 'params'>

export function PullFigures({ pull }: { pull: PullReport }) {
  const { winery } = useWinery()
  const { pullId, brand, reservations, guests, customers, experiences, locations } = pull
  const isApplied = pull.status === 'applied'
  // A pull that was not applied left no rows to look at.
  const figure = (value: number, what: string, link?: Link) => (
    <Figure
      value={value}
      what={what}
      {...(link && isApplied ? { ...link, params: { winery, pull: pullId } } : {})}
    />
  )
  const row = (what: string, value: number, why?: string, link?: Link): FigureRow => ({
    what,
    value: figure(value, what, link),
    ...(why ? { why } : {}),
  })
  const exceptionsOf: Link = { to: '/wineries/$winery/exceptions', search: { brand } }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Section title="Reservations">
        <FigureRows
          rows={[
            row('Added', reservations.added, undefined, {
              to: '/wineries/$winery/reservations',
              search: { firstSeenPull: pullId },
            }),
            row('Changed', reservations.changed, undefined, {
              to: '/wineries/$winery/pulls/$pull',
              search: { entity: 'reservation' },
            }),
            row('Unchanged', reservations.unchanged),
            row('Excluded', reservations.excluded, 'Take-out and delivery are orders, and are not kept.'),
            row('Stale', reservations.stale, 'Older than what is stored, or there twice.'),
            row('Could not be stored', reservations.exceptions, 'Each is an exception.', exceptionsOf),
            {
              what: <b>In the snapshot</b>,
              value: <b>{numberText(reservations.inSnapshot)}</b>,
              why: 'The sum of the figures above.',
            },
            row('No longer in Tock', reservations.missing, 'Marked, never deleted.', {
              to: '/wineries/$winery/reservations',
              search: { changedInPull: pullId, missing: 'true' },
            }),
          ]}
        />
      </Section>
      <Section title="Guests and customers">
        <FigureRows
          rows={[
            row('Customers created', customers.created, undefined, {
              to: '/wineries/$winery/customers',
              search: { createdInPull: pullId },
            }),
            row('Guests found to be customers', customers.matched),
            row('Guest profiles read', guests.read, `${numberText(guests.archived)} of them old versions.`),
            row('Guests without an e-mail address', guests.withoutEmail),
            row('Have only booked for others', guests.bookersOnly),
            row(
              'Guests who wait',
              guests.waiting,
              'Without a reservation, until the whole business group is pulled.',
            ),
            row('Not released for marketing', customers.unreleased, 'Of the whole winery, afterwards.', {
              to: '/wineries/$winery/customers',
              search: { released: 'false' },
            }),
            row('Doubtful matches', customers.doubtful, 'Of the whole winery, afterwards.', {
              to: '/wineries/$winery/exceptions',
            }),
          ]}
        />
        <Text fw={600} size="sm" mt="xs">
          To map
        </Text>
        <FigureRows
          rows={[
            row('New experiences', experiences.new),
            row('Experiences not mapped', experiences.unmapped, 'Afterwards.', {
              to: '/wineries/$winery/experiences',
              search: { brand, state: 'unmapped' },
            }),
            row('New seating areas', locations.new),
            row('Seating areas not mapped', locations.unmapped, 'Afterwards.', {
              to: '/wineries/$winery/locations',
              search: { brand, state: 'unmapped' },
            }),
          ]}
        />
      </Section>
    </SimpleGrid>
  )
}
