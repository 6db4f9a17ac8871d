/** What waits for a person, with how many and since when; each number leads to the rows. */

import { Group, Paper, Stack, Text } from '@mantine/core'
import { CheckCircledIcon } from '@radix-ui/react-icons'
import type { z } from 'zod'
import type { homeSchema } from '../../contract/api/home.ts'
import { Figure } from '../shared/figure.tsx'
import { ageText } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { placesOfWaiting } from './places-of-waiting.ts'

type Waiting = z.output<typeof homeSchema>['waiting']

export function WaitingForYou({ waiting }: { waiting: Waiting }) {
  const { winery, me, brands } = useWinery()
  const open = placesOfWaiting.filter(({ kind }) => waiting[kind].count > 0)
  if (open.length === 0) {
    return (
      <Paper withBorder p="md">
        <Group gap="xs">
          <CheckCircledIcon aria-hidden />
          <Text>
            {brands.some(({ initialPullId }) => initialPullId !== null)
              ? 'Nothing waits. All is mapped, decided and released.'
              : 'Nothing waits: nothing was pulled yet.'}
          </Text>
        </Group>
      </Paper>
    )
  }
  return (
    <Paper withBorder component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {open.map(({ kind, one, many, to, search, action }, index) => {
        const { count, oldestAt } = waiting[kind]
        return (
          <Group
            component="li"
            key={kind}
            gap="sm"
            p="md"
            wrap="nowrap"
            align="baseline"
            style={index > 0 ? { borderTop: '1px solid var(--mantine-color-default-border)' } : {}}
          >
            <Text fz="xl" fw={650} miw="3.5rem" ta="right">
              <Figure
                value={count}
                what={count === 1 ? one : many}
                {...(me.actions.includes(action) ? { to, params: { winery }, search } : {})}
              />
            </Text>
            <Stack gap={0}>
              <Text>{count === 1 ? one : many}</Text>
              {oldestAt && (
                <Text size="sm" c="dimmed">
                  The oldest for {ageText(oldestAt)}
                </Text>
              )}
            </Stack>
          </Group>
        )
      })}
    </Paper>
  )
}
