/** What is known of one thing: names and values, below each other on narrow screens. */

import { Box, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'

type Fact = { label: string; value: ReactNode }

/** Facts without a value are shown as a dash; `false` leaves one out. */
export function Facts({ facts, columns = 2 }: { facts: (Fact | false | undefined)[]; columns?: number }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: columns }} spacing="md" verticalSpacing="sm" m={0}>
      {facts
        .filter((fact): fact is Fact => fact !== false && fact !== undefined)
        .map(({ label, value }) => (
          <div key={label}>
            <Text component="dt" size="sm" c="dimmed">
              {label}
            </Text>
            <Box component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
              {value === null || value === undefined || value === '' ? '—' : value}
            </Box>
          </div>
        ))}
    </SimpleGrid>
  )
}
