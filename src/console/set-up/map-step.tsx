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
          : `${numberText(experiencesUnmapped)} Tock experiences have no reservation type yet, ${numberText(locationsUnmapped)} seating areas no location. Past reservations get them too. You can also do this later.`}
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
