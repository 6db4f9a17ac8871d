/** The addresses of what protects campaigns: their audiences, and exports on a schedule. */

import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { wineryRoute } from '../route-frame.ts'

export const campaignRoutes = [
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/campaigns',
    staticData: { needs: ['segments.read'] },
    component: lazyRouteComponent(() => import('./campaigns-page.tsx'), 'CampaignsPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/export-schedules',
    staticData: { needs: ['exports.read'] },
    component: lazyRouteComponent(
      () => import('../exports/export-schedules-page.tsx'),
      'ExportSchedulesPage',
    ),
  }),
]
