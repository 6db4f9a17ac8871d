/** What a preview found, in plain words and numbers: whom, which years, which experiences, what is doubtful. */

import { Anchor, Group, SimpleGrid, Table, Text } from '@mantine/core'
import type { GuestOutcome, PreviewFindings } from '../../contract/pull-details.ts'
import { guestOutcomes } from '../../contract/pull-details.ts'
import type { PullReport } from '../../contract/pull-report.ts'
import { at } from '../ask.ts'
import { exceptionWords, outcomeWords } from '../pulls/pull-words.ts'
import { numberText } from '../shared/figure.tsx'
import { FigureRows } from '../shared/figure-rows.tsx'
import { GuestPrivacy, useSeesGuests } from '../shared/guest-privacy.tsx'
import { Section } from '../shared/section.tsx'
import { useWinery } from '../winery.tsx'

export function PreviewFound({ pull, found }: { pull: PullReport; found: PreviewFindings }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <GuestsFound pull={pull} guests={found.guests} />
        <YearsFound found={found} />
      </SimpleGrid>
      <ExceptionsFound exceptions={found.exceptions} />
      <ExperiencesFound experiences={found.experiences} />
    </>
  )
}

function GuestsFound({ pull, guests }: { pull: PullReport; guests: PreviewFindings['guests'] }) {
  const { winery, may } = useWinery()
  const seesGuests = useSeesGuests()
  const file = at`/wineries/${winery}/pulls/${pull.pullId}/people.csv`
  const link = (outcome: GuestOutcome) => {
    const text = numberText(guests[outcome])
    return seesGuests && guests[outcome] > 0 ? (
      <Anchor
        href={`/api/v1${file}?outcome=${outcome}`}
        download
        aria-label={`${text}: download ${outcomeWords[outcome].what}`}
      >
        {text}
      </Anchor>
    ) : (
      text
    )
  }
  return (
    <Section
      title="Guests"
      intro={
        guests.created > pull.customers.created
          ? `${numberText(pull.customers.created)} new customers: some guests of Tock share an address.`
          : 'What becomes of everybody in Tock.'
      }
      actions={
        seesGuests && (
          <Anchor href={`/api/v1${file}`} download size="sm">
            Download all (CSV)
          </Anchor>
        )
      }
    >
      <FigureRows
        rows={guestOutcomes
          .filter((outcome, index) => index < 3 || guests[outcome] > 0)
          .map((outcome) => ({
            what: outcomeWords[outcome].what,
            why: outcomeWords[outcome].why,
            value: link(outcome),
          }))}
      />
      {may('guests.ask') && <GuestPrivacy />}
      {seesGuests && (
        <Text size="xs" c="dimmed">
          Each number is a file with these guests. Downloads are recorded.
        </Text>
      )}
    </Section>
  )
}

function YearsFound({ found: { years, upcoming } }: { found: PreviewFindings }) {
  return (
    <Section title="Reservations by year" intro={`${numberText(upcoming)} of them are still to come.`}>
      <Table.ScrollContainer minWidth={260} type="native">
        <Table aria-label="Reservations by year">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Year</Table.Th>
              <Table.Th ta="right">Reservations</Table.Th>
              <Table.Th ta="right">Of them cancelled</Table.Th>
              <Table.Th ta="right">Guests</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {years.map(({ year, reservations, cancelled, guests }) => (
              <Table.Tr key={year}>
                <Table.Th scope="row" fw={500}>
                  {year}
                </Table.Th>
                <Table.Td ta="right">{numberText(reservations)}</Table.Td>
                <Table.Td ta="right">{numberText(cancelled)}</Table.Td>
                <Table.Td ta="right">{numberText(guests)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  )
}

function ExceptionsFound({ exceptions }: { exceptions: PreviewFindings['exceptions'] }) {
  const sum = exceptions.reduce((total, { count }) => total + count, 0)
  return (
    <Section
      title="Exceptions"
      intro={
        sum === 0
          ? 'None: nothing needs a decision.'
          : `${numberText(sum)} ${sum === 1 ? 'needs' : 'need'} a person, afterwards; none of them stops the pull.`
      }
    >
      {sum > 0 && (
        <FigureRows
          rows={exceptions.map(({ code, count, examples }) => ({
            what: exceptionWords[code].what,
            why: `${exceptionWords[code].means}${examples.length > 0 ? ` Look in Tock at ${examples.map(tockText).join(', ')}.` : ''}`,
            value: numberText(count),
          }))}
        />
      )}
    </Section>
  )
}

function tockText(key: string): string {
  return key.startsWith('w:') ? `walk-in ${key.slice(2)}` : `reservation ${key.slice(2)}`
}

const shownAtOnce = 12

function ExperiencesFound({ experiences }: { experiences: PreviewFindings['experiences'] }) {
  const row = ({ experienceId, name, reservations }: PreviewFindings['experiences'][number]) => (
    <Group key={experienceId} justify="space-between" wrap="nowrap" gap="md" component="li">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {experienceId === 'walk-in' ? 'Walk-in' : (name ?? `Experience ${experienceId}`)}
      </Text>
      <Text size="sm" className="figure">
        {numberText(reservations)}
      </Text>
    </Group>
  )
  const list = {
    component: 'ul',
    cols: { base: 1, md: 2 },
    spacing: 'xl',
    verticalSpacing: 4,
    m: 0,
    p: 0,
  } as const
  return (
    <Section
      title={`${numberText(experiences.length)} experiences`}
      intro="They fill the Tock Experiences List, which you map afterwards. With their reservations."
    >
      <SimpleGrid {...list} style={{ listStyle: 'none' }}>
        {experiences.slice(0, shownAtOnce).map(row)}
      </SimpleGrid>
      {experiences.length > shownAtOnce && (
        <details>
          <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
            All of them
          </Text>
          <SimpleGrid {...list} style={{ listStyle: 'none' }} mt="xs">
            {experiences.slice(shownAtOnce).map(row)}
          </SimpleGrid>
        </details>
      )}
    </Section>
  )
}
