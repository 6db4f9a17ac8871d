/** How the customer's choice about mail came about. */

import { Stack, Text } from '@mantine/core'
import { Section } from '../shared/section.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { Card } from './customer-page.tsx'
import { consentWords, originWords } from './customer-words.tsx'

export function ConsentHistory({ card }: { card: Card }) {
  const { timeZone } = useWinery()
  const { consentChanges } = card
  return (
    <Section title="Consent" intro="Each change, with who said so. The latest first.">
      {consentChanges.length === 0 ? (
        <Text>
          It never changed: {consentWords[card.emailConsent].toLowerCase()} since the customer was created.
        </Text>
      ) : (
        <Stack gap="sm" component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
          {consentChanges.map((change) => (
            <li key={change.changedAt.toISOString() + change.after}>
              <Text>
                {consentWords[change.before]} → <strong>{consentWords[change.after]}</strong>
              </Text>
              <Text size="sm" c="dimmed">
                <When at={change.changedAt} zone={timeZone} /> · {originWords[change.source]}
                {change.pullId !== null && ` · pull ${change.pullId}`}
                {change.tockWords !== null && ` · Tock: ${change.tockWords}`}
              </Text>
              {change.reason !== null && <Text size="sm">“{change.reason}”</Text>}
            </li>
          ))}
        </Stack>
      )}
    </Section>
  )
}
