/** The tree of a definition with what each part comes to for one customer. */

import { Box, Stack, Table, Text } from '@mantine/core'
import { CheckIcon, Cross2Icon } from '@radix-ui/react-icons'
import { z } from 'zod'
import { conditionSchema, isOnReservations, type Leaf } from '../../contract/segment.ts'
import { reservationStatuses, type ReservationStatus as Status } from '../../contract/vocabulary.ts'
import { clockText, dayText } from '../shared/day-text.ts'
import { TextLink } from '../shared/links.tsx'
import { ReservationStatus } from '../shared/reservation-status.tsx'
import { useWinery } from '../winery.tsx'
import { type GroupKind, groupWords } from './definition-words.ts'
import { leafWords } from './leaf-words.ts'
import { useNaming } from './use-choices.ts'

const reservation = z.object({
  brand: z.string(),
  tockKey: z.string(),
  localStart: z.string(),
  status: z.enum(reservationStatuses),
  experience: z.string().nullable(),
  partySize: z.int().nullable(),
})
type Reservation = z.output<typeof reservation>
type ExplainedLeaf = { kind: 'condition'; holds: boolean; condition: Leaf; reservations: Reservation[] }
type Explained = { kind: 'all' | 'any' | 'not'; holds: boolean; of: Explained[] } | ExplainedLeaf
/** As people read it: a list of one is that one, "not any" is none. */
type Read = { kind: GroupKind; holds: boolean; of: Read[] } | ExplainedLeaf

const explained: z.ZodType<Explained> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['all', 'any', 'not']), holds: z.boolean(), of: z.array(explained) }),
    z.object({
      kind: z.literal('condition'),
      holds: z.boolean(),
      condition: conditionSchema as unknown as z.ZodType<Leaf>,
      reservations: z.array(reservation),
    }),
  ]),
)

export function ExplanationTree({ why }: { why: unknown }) {
  return (
    <Box component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      <Part part={plain(explained.parse(why))} />
    </Box>
  )
}

function plain(part: Explained): Read {
  if (part.kind === 'condition') return part
  const [first] = part.of
  if (part.kind !== 'not') {
    if (first && part.of.length === 1) return plain(first)
    return { ...part, kind: part.kind, of: part.of.map(plain) }
  }
  const { holds } = part
  if (first && first.kind === 'all' && first.of.length > 1) {
    return { kind: 'notAll', holds, of: first.of.map(plain) }
  }
  if (first && first.kind === 'any') return { kind: 'none', holds, of: first.of.map(plain) }
  return { kind: 'none', holds, of: part.of.map(plain) }
}

function Part({ part }: { part: Read }) {
  const naming = useNaming()
  const Sign = part.holds ? CheckIcon : Cross2Icon
  const said = part.kind === 'condition' ? capital(leafWords(part.condition, naming)) : groupWords[part.kind]
  return (
    <li>
      <Text size="sm" style={{ display: 'flex', gap: 6, alignItems: 'baseline' }}>
        <Sign
          aria-hidden
          color={part.holds ? 'var(--mantine-color-green-text)' : 'var(--mantine-color-error)'}
          style={{ flexShrink: 0, alignSelf: 'center' }}
        />
        <span>
          <strong>{part.holds ? 'Yes' : 'No'}:</strong> {said}
        </span>
      </Text>
      {part.kind === 'condition' ? (
        isOnReservations(part.condition) && <Deciding reservations={part.reservations} said={said} />
      ) : (
        <Stack component="ul" gap="xs" m={0} pl="lg" mt="xs" style={{ listStyle: 'none' }}>
          {part.of.map((one, index) => (
            <Part part={one} key={index} />
          ))}
        </Stack>
      )}
    </li>
  )
}

function Deciding({ reservations, said }: { reservations: Reservation[]; said: string }) {
  const { winery, brands, hasSeveralBrands } = useWinery()
  if (reservations.length === 0) {
    return (
      <Text size="sm" c="dimmed" pl={21}>
        No reservation counts for it.
      </Text>
    )
  }
  const nameOf = (code: string) => brands.find(({ brand }) => brand === code)?.name ?? code
  return (
    <Table.ScrollContainer minWidth={300} type="native" ml={21}>
      <Table aria-label={`Reservations that count: ${said}`} verticalSpacing={4} w="auto">
        <Table.Tbody>
          {reservations.map((one) => (
            <Table.Tr key={`${one.brand} ${one.tockKey}`}>
              <Table.Td>
                <TextLink
                  to="/wineries/$winery/reservations/$brand/$reservation"
                  params={{ winery, brand: one.brand, reservation: one.tockKey }}
                >
                  <LocalStart of={one.localStart} />
                </TextLink>
              </Table.Td>
              {hasSeveralBrands && <Table.Td>{nameOf(one.brand)}</Table.Td>}
              <Table.Td>{one.experience ?? '—'}</Table.Td>
              <Table.Td>
                <ReservationStatus status={one.status satisfies Status} missingSince={null} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** On the brand's own clock, as it stands on the guest's ticket. */
function LocalStart({ of }: { of: string }) {
  const [day = '', time = ''] = of.split('T')
  return (
    <>
      {dayText(day)} {clockText(time)}
    </>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
