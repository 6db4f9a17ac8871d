/** A few facts below each other: what, and how much. */

import { Box, Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'

export type Fact = { what: ReactNode; value: ReactNode; why?: ReactNode } | false | null | undefined

export function FactList({ facts, wide }: { facts: Fact[]; wide?: boolean }) {
  return (
    <Box
      component="dl"
      m={0}
      style={{
        display: 'grid',
        gridTemplateColumns: wide ? 'minmax(0, 1fr) auto' : 'minmax(0, max-content) minmax(0, 1fr)',
        columnGap: 'var(--mantine-spacing-lg)',
        rowGap: 'var(--mantine-spacing-xs)',
      }}
    >
      {facts.map(
        (fact, index) =>
          fact && (
            <Fragment key={index}>
              <Text component="dt" size="sm" c={wide ? 'inherit' : 'dimmed'}>
                {fact.what}
                {fact.why !== undefined && (
                  <Text span size="xs" c="dimmed" display="block">
                    {fact.why}
                  </Text>
                )}
              </Text>
              <Text component="dd" m={0} size="sm" ta={wide ? 'right' : 'left'} className="figure">
                {fact.value}
              </Text>
            </Fragment>
          ),
      )}
    </Box>
  )
}
