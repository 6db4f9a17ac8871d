/** The addresses of a winery's settings. */

import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { wineryRoute } from '../route-frame.ts'
import { listSearch } from '../url-search.ts'
import { auditSearch } from './audit-search.ts'

const settings = createRoute({
  getParentRoute: () => wineryRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings-layout.tsx'), 'SettingsLayout'),
})
const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: '/',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/wineries/$winery/settings/web-store', params })
    },
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/web-store',
    staticData: { needs: ['settings.read'] },
    component: lazyRouteComponent(() => import('./web-store-page.tsx'), 'WebStorePage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/winery',
    staticData: { needs: ['settings.read'] },
    component: lazyRouteComponent(() => import('./winery-page.tsx'), 'WineryPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/pulls',
    staticData: { needs: ['settings.read'] },
    component: lazyRouteComponent(() => import('./pulls-page.tsx'), 'PullSettingsPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/marketing',
    staticData: { needs: ['settings.read'] },
    component: lazyRouteComponent(() => import('./marketing-page.tsx'), 'MarketingPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/shared-addresses',
    staticData: { needs: ['settings.read'] },
    validateSearch: listSearch({}),
    component: lazyRouteComponent(() => import('./shared-addresses-page.tsx'), 'SharedAddressesPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/key',
    staticData: { needs: ['connection.test'] },
    component: lazyRouteComponent(() => import('./key-page.tsx'), 'KeyPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/users',
    staticData: { needs: ['users.read'] },
    component: lazyRouteComponent(() => import('./users-page.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/api-keys',
    staticData: { needs: ['api-keys.read', 'sql-login.read'] },
    component: lazyRouteComponent(() => import('./api-keys-page.tsx'), 'ApiKeysPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/exports',
    staticData: { needs: ['exports.read'] },
    validateSearch: listSearch({}),
    component: lazyRouteComponent(() => import('./exports-page.tsx'), 'ExportsPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/audit',
    staticData: { needs: ['audit.read'] },
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/leaving',
    staticData: { needs: ['wineries.export', 'wineries.leave'] },
    component: lazyRouteComponent(() => import('./leaving-page.tsx'), 'LeavingPage'),
  }),
]

export const settingsRoutes = settings.addChildren(settingsPages)
