/** Step 7: Tock's experiences become reservation types, its seating areas locations. It never blocks. */

import { Group, Stack, Text } from '@mantine/core'
import { numberText } from '../shared/figure.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { useWinery } from '../winery.tsx'
import type { SetUpFacts } from './set-up-state.ts'

export function MapStep({ facts: { nightly } }: { facts: SetUpFacts }) {
  const { winery } = useWinery()
  const { experiencesUnmapped, locationsUnmapped } = nightly
  return (
    <Stack gap="md">
      <Text>
        {nightly.unmapped === 0
          ? 'Everything is mapped.'
          : `${lacking({ experiencesUnmapped, locationsUnmapped })} Past reservations get it too. You can also do this later.`}
      </Text>
      <Group gap="sm">
        <ButtonLink to="/wineries/$winery/experiences" params={{ winery }} variant="default">
          Map experiences
        </ButtonLink>
        <ButtonLink to="/wineries/$winery/locations" params={{ winery }} variant="default">
          Map locations
        </ButtonLink>
      </Group>
    </Stack>
  )
}

function lacking(of: { experiencesUnmapped: number; locationsUnmapped: number }): string {
  const told = [
    {
      count: of.experiencesUnmapped,
      one: 'Tock experience has',
      many: 'Tock experiences have',
      no: 'reservation type',
    },
    { count: of.locationsUnmapped, one: 'seating area has', many: 'seating areas have', no: 'location' },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, one, many, no }) => `${numberText(count)} ${count === 1 ? one : many} no ${no} yet`)
  return `${told.join(', ')}.`
}
