/** A part of a page with its own heading, in a frame. */

import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

export function Section(props: {
  title: string
  intro?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={2} id={id}>
              {props.title}
            </Title>
            {props.intro !== undefined && (
              <Text c="dimmed" size="sm">
                {props.intro}
              </Text>
            )}
          </div>
          {props.actions !== undefined && <Group gap="xs">{props.actions}</Group>}
        </Group>
        {props.children}
      </Stack>
    </Paper>
  )
}
