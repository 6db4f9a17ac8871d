/** The last pull of each brand: did it go well, and what did it bring? */

import { Group, Paper, Stack, Text } from '@mantine/core'
import type { z } from 'zod'
import type { homeSchema } from '../../contract/api/home.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { PullStatusBadge } from '../shared/pull-status.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

type BrandState = z.output<typeof homeSchema>['brands'][number]

export function LastPulls({ brands }: { brands: BrandState[] }) {
  const { hasSeveralBrands, timeZone } = useWinery()
  if (brands.length === 0) {
    return (
      <EmptyState
        title="No brand yet"
        next="eCELLAR Support adds the winery's brands, with their ids at Tock."
      />
    )
  }
  return (
    <Stack gap="sm">
      {brands.map((brand) => (
        <Paper withBorder p="md" key={brand.brand}>
          <Group justify="space-between" gap="xs" mb={4}>
            <Text fw={600}>{hasSeveralBrands ? brand.name : 'Tock'}</Text>
            {brand.lastPull && <PullStatusBadge status={brand.lastPull.status} />}
          </Group>
          {brand.lastPull ? <LastPull pull={brand.lastPull} zone={brand.timeZone ?? timeZone} /> : <NoPull />}
          {brand.enabledAt === null && brand.hadInitialPull && (
            <Text size="sm" mt="xs">
              Nightly pulls are not switched on.
            </Text>
          )}
        </Paper>
      ))}
    </Stack>
  )
}

function NoPull() {
  return (
    <Text size="sm" c="dimmed">
      Nothing was pulled yet: the initial pull comes first.
    </Text>
  )
}

function LastPull({ pull, zone }: { pull: NonNullable<BrandState['lastPull']>; zone: string }) {
  const { winery } = useWinery()
  const figures = [
    [pull.added, 'new'],
    [pull.changed, 'changed'],
    [pull.missing, 'no longer in Tock'],
  ] as const
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed">
        <When at={pull.finishedAt} zone={zone} />
      </Text>
      {pull.status === 'applied' ? (
        <Text size="sm">
          Reservations:{' '}
          {figures.map(([count, word], index) => (
            <span key={word}>
              {index > 0 && ', '}
              {numberText(count)} {word}
            </span>
          ))}
          . Customers created: {numberText(pull.customersCreated)}.
        </Text>
      ) : (
        <Text size="sm">
          {pull.message} {pull.nextStep}
        </Text>
      )}
      <TextLink to="/wineries/$winery/pulls/$pull" params={{ winery, pull: pull.pullId }} size="sm">
        Look at this pull
      </TextLink>
    </Stack>
  )
}
