/** Step 1: the brand and its ids at Tock. */

import { Group, Text } from '@mantine/core'
import type { SetUpFacts } from './set-up-state.ts'

export function BrandStep({ facts: { brand } }: { facts: SetUpFacts }) {
  const rows = [
    ['Name', brand.name],
    ['Brand Code', brand.brand],
    ['Business Group ID', brand.businessGroupId],
    ['Business ID', brand.businessId],
    ['Tock calls it', brand.businessName ?? 'not known before the first pull'],
  ] as const
  return (
    <Group gap="xl" component="dl" m={0}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </Group>
  )
}
