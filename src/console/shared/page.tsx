/** The frame of every page: its title (also the browser's), what can be done, and where the keyboard begins. */

import { Box, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWineryName } from '../winery.tsx'

/** So that a reader hears the new page's title, but the very first page begins at its top. */
let isFirstPage = true

export function Page({
  title,
  intro,
  actions,
  children,
}: {
  title: string
  /** What the page is for, in a sentence. */
  intro?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  const winery = useWineryName()
  useEffect(() => {
    document.title = [title, winery, 'eCELLAR Tock Integration'].filter(Boolean).join(' · ')
  }, [title, winery])
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: true })
    isFirstPage = false
  }, [])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box maw="46rem">
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {intro !== undefined && (
            <Text c="dimmed" mt={4}>
              {intro}
            </Text>
          )}
        </Box>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
