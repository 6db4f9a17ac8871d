/** Both sides beside each other, fact by fact, so that what differs is seen; below each other on narrow screens. */

import { Group, Paper, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Consent, customerName, originWords } from '../customers/customer-words.tsx'
import { dayText } from '../shared/day-text.ts'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { DayOf } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { Match } from './doubtful-matches-page.tsx'

type Side = Match['sides'][number]
type Row = {
  label: string
  value: (side: Side) => ReactNode
  /** What is compared; left out: whether it differs says nothing. */
  compared?: (side: Side) => string
}

export function MatchSides({ match }: { match: Match }) {
  const isNarrow = useMediaQuery('(max-width: 48em)', window.innerWidth < 768, {
    getInitialValueInEffect: false,
  })
  const { sides } = match
  if (sides.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody of it is there any more.
      </Text>
    )
  }
  if (isNarrow) {
    const differing = rows.filter((row) => differs(row, sides)).map(({ label }) => label.toLowerCase())
    return (
      <Stack gap="xs">
        {differing.length > 0 && (
          <Group gap="xs">
            <StatusBadge look="careful">Differs</StatusBadge>
            <Text size="sm">{differing.join(', ')}</Text>
          </Group>
        )}
        {sides.map((side, index) => (
          <Paper key={keyOf(side, index)} withBorder p="xs">
            <Group justify="space-between" gap="xs">
              <Text span size="sm" fw={600}>
                <Who side={side} />
              </Text>
              {side.isSeen && <SidesConsent side={side} />}
            </Group>
            {side.isSeen && <InLines side={side} />}
          </Paper>
        ))}
      </Stack>
    )
  }
  return (
    <Table.ScrollContainer minWidth={120 + sides.length * 150} type="native">
      <Table aria-label={`Both sides of match ${match.exceptionId}`} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Td w={175} />
            {sides.map((side, index) => (
              <Table.Th key={keyOf(side, index)} scope="col">
                <Who side={side} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.label}>
              <Table.Th scope="row" fw={400}>
                <Group gap={6} justify="space-between">
                  <Text span size="sm" c="dimmed">
                    {row.label}
                  </Text>
                  {differs(row, sides) && <StatusBadge look="careful">Differs</StatusBadge>}
                </Group>
              </Table.Th>
              {sides.map((side, index) => (
                <Table.Td
                  key={keyOf(side, index)}
                  fw={differs(row, sides) ? 600 : 400}
                  style={{ overflowWrap: 'anywhere' }}
                >
                  {side.isSeen ? row.value(side) : '—'}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Who({ side }: { side: Side }) {
  const { winery } = useWinery()
  if (!side.isSeen) return <>Of another brand</>
  if (side.is === 'guest') return <>Guest of Tock {side.patronId}</>
  if (side.customerId === null) return <>Customer</>
  return (
    <TextLink
      size="sm"
      fw={700}
      to="/wineries/$winery/customers/$customer"
      params={{ winery, customer: side.customerId }}
    >
      Customer {side.customerId}
    </TextLink>
  )
}

const rows: Row[] = [
  {
    label: 'Name',
    value: (side) => customerName(side),
    compared: (side) => customerName(side).toLowerCase(),
  },
  {
    label: 'E-mail',
    value: (side) => side.email ?? '—',
    compared: (side) => side.email?.toLowerCase() ?? '',
  },
  { label: 'Comes from', value: (side) => <Origin side={side} /> },
  { label: 'Consent', value: (side) => <SidesConsent side={side} /> },
  { label: 'Marketing', value: (side) => marketing(side) ?? '—' },
  { label: 'Visits', value: (side) => visits(side) },
  { label: 'Reservations', value: (side) => <Reservations side={side} /> },
]

/** The same in few lines. */
function InLines({ side }: { side: Side }) {
  return (
    <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
      <div>
        {customerName(side)}, {side.email ?? 'no address'}
      </div>
      <div>
        <Origin side={side} />
        {marketing(side) && `, ${marketing(side)?.toLowerCase()}`}
      </div>
      <div>
        Reservations: <Reservations side={side} />; visits: {visits(side)}
      </div>
    </Text>
  )
}

function differs(row: Row, sides: Side[]): boolean {
  const values = sides.filter(({ isSeen }) => isSeen).map((side) => row.compared?.(side) ?? '')
  return new Set(values).size > 1
}

function Origin({ side }: { side: Side }) {
  const { timeZone } = useWinery()
  if (side.createdBy === null) return <>Tock{side.customerId !== null && `; customer ${side.customerId}`}</>
  return (
    <>
      {originWords[side.createdBy]}
      {side.createdAt !== null && (
        <>
          , <DayOf at={side.createdAt} zone={timeZone} />
        </>
      )}
    </>
  )
}

function SidesConsent({ side }: { side: Side }) {
  if (side.emailConsent !== null) return <Consent consent={side.emailConsent} />
  return (
    <Text span size="sm">
      {side.consentWords ?? 'Tock says nothing'}
    </Text>
  )
}

function Reservations({ side }: { side: Side }) {
  const { hasSeveralBrands } = useWinery()
  const where = hasSeveralBrands && side.brands.length > 0 ? ` (${side.brands.join(', ')})` : ''
  return <>{numberText(side.reservations) + where}</>
}

function marketing(side: Side): string | null {
  if (side.is === 'guest') return null
  if (side.active === false) return 'Inactive'
  return side.releasedAt === null ? 'Not released' : 'Released'
}

function visits({ visits: count, lastVisitOn, nextVisitOn }: Side): string {
  return [
    count === 0 ? 'none' : numberText(count),
    lastVisitOn && `last ${dayText(lastVisitOn)}`,
    nextVisitOn && `next ${dayText(nextVisitOn)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

const keyOf = (side: Side, index: number) => `${side.is} ${side.customerId} ${side.patronId} ${index}`
