/** The guests of Tock who are this customer. */

import { Stack, Text } from '@mantine/core'
import { dayText } from '../shared/day-text.ts'
import { Section } from '../shared/section.tsx'
import { When } from '../shared/when.tsx'
import type { Card } from './customer-page.tsx'
import { customerName } from './customer-words.tsx'

export function LinkedGuests({ guests }: { guests: Card['guests'] }) {
  return (
    <Section title="Guests of Tock" intro="Who this customer is at Tock; several guests can be one customer.">
      {guests.length === 0 ? (
        <Text>No guest of Tock is linked.</Text>
      ) : (
        <Stack gap="sm">
          {guests.map((guest) => (
            <div key={`${guest.businessGroupId} ${guest.patronId ?? guest.email}`}>
              <Text fw={600}>{customerName(guest)}</Text>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {guest.email ?? 'No e-mail address'}
                {guest.patronId !== null && ` · guest ${guest.patronId}`}
              </Text>
              <Text size="sm" c="dimmed">
                {choice(guest)}
                {guest.profileUpdatedAt !== null && (
                  <>
                    {' '}
                    Profile of <When at={guest.profileUpdatedAt} />.
                  </>
                )}
              </Text>
            </div>
          ))}
        </Stack>
      )}
    </Section>
  )
}

function choice({ optIn, optInSource, dateOptedIn }: Card['guests'][number]): string {
  if (optIn === null && optInSource === null) return 'Tock knows of no choice about mail.'
  const words = [
    optIn === null ? 'Opt-in not told' : optIn ? 'Opted in' : 'Not opted in',
    optInSource,
    dateOptedIn === null ? null : asDay(dateOptedIn),
  ]
  return `${words.filter(Boolean).join(', ')}.`
}

/** Tock's own words, but for an instant, which nobody reads. */
function asDay(text: string): string {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? text : dayText(at.toISOString().slice(0, 10))
}
