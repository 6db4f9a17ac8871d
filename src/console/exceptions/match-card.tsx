/** One doubtful match: what is asked, both sides, and what can be decided, or was. */

import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { DecisionKind } from '../../contract/exception-decisions.ts'
import { exceptionWords } from '../pulls/pull-words.ts'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { choicesOf, decisionLabel } from './decision-words.ts'
import type { Match } from './doubtful-matches-page.tsx'
import { MatchSides } from './match-sides.tsx'

export const headingOf = (match: Match) => `match-${match.exceptionId}`

export function MatchCard({ match, decide }: { match: Match; decide: (kind: DecisionKind) => void }) {
  const { hasSeveralBrands, timeZone, may } = useWinery()
  const names = match.partyNames.filter((name) => name !== null)
  return (
    <Paper component="article" withBorder p="md" aria-labelledby={headingOf(match)}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Title order={2} id={headingOf(match)} tabIndex={-1}>
            {exceptionWords[match.code].what}
          </Title>
          <Text size="sm" c="dimmed">
            {hasSeveralBrands && `${match.brand} · `}since <When at={match.firstSeenAt} zone={timeZone} />
          </Text>
        </Group>
        <Text size="sm">{match.message}</Text>
        <MatchSides match={match} />
        {names.length > 0 && <Text size="sm">Booked by: {names.join(', ')}</Text>}
        <Outcome match={match} />
        {may('exceptions.decide') && match.resolvedAt === null && (
          <Group gap="xs" role="group" aria-label={`Decide on match ${match.exceptionId}`}>
            {choicesOf(match.code).map(({ kind, label }, index) => (
              <Button
                key={kind}
                size="xs"
                variant={index === 0 ? 'filled' : kind === 'close' ? 'subtle' : 'default'}
                onClick={() => decide(kind)}
              >
                {label}
              </Button>
            ))}
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

function Outcome({ match }: { match: Match }) {
  const { timeZone } = useWinery()
  if (match.resolvedAt === null) return null
  if (match.decision === null) {
    return (
      <Group gap="xs">
        <StatusBadge look="plain">Closed</StatusBadge>
        <Text size="sm">
          It closed <When at={match.resolvedAt} zone={timeZone} />: it was no question any more.
        </Text>
      </Group>
    )
  }
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <StatusBadge look="good">{decisionLabel(match.decision)}</StatusBadge>
        <Text size="sm">
          Decided by {match.decidedBy ?? 'somebody'}, <When at={match.resolvedAt} zone={timeZone} />
          {match.closedBecause && `: ${match.closedBecause}`}
        </Text>
      </Group>
      {match.done && <Text size="sm">{match.done}</Text>}
    </Stack>
  )
}
