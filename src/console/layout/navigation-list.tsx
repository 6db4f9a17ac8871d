/** The pages of a winery, those that whoever is signed in may see. */

import { ScrollArea, Stack, Text } from '@mantine/core'
import { NavigationLink } from '../shared/links.tsx'
import type { Me } from '../winery.tsx'
import { navigation } from './navigation.ts'

export function Navigation({ me, winery }: { me: Me; winery: string }) {
  const groups = navigation
    .map(({ label, entries }) => ({
      label,
      entries: entries.filter(
        ({ action, isOverAllBrands }) =>
          me.actions.includes(action) && (!isOverAllBrands || me.brands === null),
      ),
    }))
    .filter(({ entries }) => entries.length > 0)
  return (
    <ScrollArea>
      <Stack gap="sm">
        {groups.map(({ label, entries }) => (
          <div key={label}>
            {label !== null && (
              <Text size="xs" c="dimmed" fw={600} px="xs" mb={4}>
                {label}
              </Text>
            )}
            {entries.map((entry) => (
              <NavigationLink
                key={entry.label}
                to={entry.to}
                params={{ winery }}
                label={entry.label}
                activeOptions={{ exact: entry.to === '/wineries/$winery', includeSearch: false }}
                activeProps={{ active: true }}
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
              />
            ))}
          </div>
        ))}
      </Stack>
    </ScrollArea>
  )
}
