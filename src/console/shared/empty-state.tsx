/** Nothing here yet: what that means, and what to do next. */

import { Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export function EmptyState({ title, next, action }: { title: string; next: ReactNode; action?: ReactNode }) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs" ta="center">
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" maw="34rem">
          {next}
        </Text>
        {action !== undefined && <div style={{ marginTop: 'var(--mantine-spacing-xs)' }}>{action}</div>}
      </Stack>
    </Paper>
  )
}
