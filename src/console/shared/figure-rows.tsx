/** Figures below each other that are read as a sum: what, why where it needs saying, and how many at the right. */

import { Box, Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'

export type FigureRow = { what: ReactNode; value: ReactNode; why?: ReactNode }

export function FigureRows({ rows }: { rows: FigureRow[] }) {
  return (
    <Box
      component="dl"
      m={0}
      style={{
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr) auto',
        columnGap: 'var(--mantine-spacing-lg)',
        rowGap: 'var(--mantine-spacing-xs)',
      }}
    >
      {rows.map(({ what, value, why }, index) => (
        <Fragment key={index}>
          <Text component="dt" size="sm">
            {what}
            {why !== undefined && (
              <Text span size="xs" c="dimmed" display="block">
                {why}
              </Text>
            )}
          </Text>
          <Text component="dd" m={0} size="sm" ta="right" className="figure">
            {value}
          </Text>
        </Fragment>
      ))}
    </Box>
  )
}
