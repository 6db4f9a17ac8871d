/** Several pages that belong together, each with its address: links, or where there are many on a narrow screen, a choice. */

import { Group, NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type LinkProps, useNavigate, useRouterState } from '@tanstack/react-router'
import { ButtonLink } from './links.tsx'

export type PageTab = { label: string; to: NonNullable<LinkProps['to']> }

export function PageTabs(props: { name: string; tabs: PageTab[]; params: Record<string, string> }) {
  const { name, tabs, params } = props
  const isNarrow = useMediaQuery('(max-width: 48em)', window.innerWidth < 768, {
    getInitialValueInEffect: false,
  })
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  if (isNarrow && tabs.length > 4) {
    const endOf = (to: string) => to.slice(to.lastIndexOf('/'))
    const here = tabs.find(({ to }) => path.endsWith(endOf(to)))
    return (
      <nav aria-label={name}>
        <NativeSelect
          label={name}
          data={tabs.map(({ label, to }) => ({ label, value: to }))}
          value={here?.to ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ to: value as never, params: params as never })
          }
        />
      </nav>
    )
  }
  return (
    <Group component="nav" gap={6} aria-label={name}>
      {tabs.map(({ label, to }) => (
        <ButtonLink
          key={label}
          to={to}
          params={params as never}
          size="compact-md"
          variant="default"
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ variant: 'filled' }}
        >
          {label}
        </ButtonLink>
      ))}
    </Group>
  )
}
