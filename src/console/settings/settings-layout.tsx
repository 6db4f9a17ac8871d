/** Around the pages of the settings: which there are, for whoever is signed in. */

import { Stack } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import type { Action } from '../../contract/access.ts'
import { type PageTab, PageTabs } from '../shared/page-tabs.tsx'
import { useWinery } from '../winery.tsx'

const pages: (PageTab & { actions: Action[] })[] = [
  { label: 'Web Store Settings', to: '/wineries/$winery/settings/web-store', actions: ['settings.read'] },
  { label: 'Winery', to: '/wineries/$winery/settings/winery', actions: ['settings.read'] },
  { label: 'Pulls', to: '/wineries/$winery/settings/pulls', actions: ['settings.read'] },
  { label: 'Marketing', to: '/wineries/$winery/settings/marketing', actions: ['settings.read'] },
  {
    label: 'Shared addresses',
    to: '/wineries/$winery/settings/shared-addresses',
    actions: ['settings.read'],
  },
  { label: 'Tock key', to: '/wineries/$winery/settings/key', actions: ['connection.test'] },
  { label: 'Users', to: '/wineries/$winery/settings/users', actions: ['users.read'] },
  {
    label: 'API keys',
    to: '/wineries/$winery/settings/api-keys',
    actions: ['api-keys.read', 'sql-login.read'],
  },
  { label: 'Exports', to: '/wineries/$winery/settings/exports', actions: ['exports.read'] },
  { label: 'Audit', to: '/wineries/$winery/settings/audit', actions: ['audit.read'] },
  {
    label: 'Leaving',
    to: '/wineries/$winery/settings/leaving',
    actions: ['wineries.export', 'wineries.leave'],
  },
]

export function SettingsLayout() {
  const { winery, may } = useWinery()
  const tabs = pages.filter(({ actions }) => actions.some(may))
  return (
    <Stack gap="lg">
      <PageTabs name="Settings" params={{ winery }} tabs={tabs} />
      <Outlet />
    </Stack>
  )
}
