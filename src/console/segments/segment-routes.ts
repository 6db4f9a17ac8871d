/** The addresses of segments: the list, one of them, and where one is built. */

import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { wineryRoute } from '../route-frame.ts'
import { filter } from '../url-search.ts'
import { segmentsSearch } from './segments-search.ts'

export const segmentRoutes = [
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/segments',
    validateSearch: segmentsSearch,
    staticData: { needs: ['segments.read'] },
    component: lazyRouteComponent(() => import('./segments-page.tsx'), 'SegmentsPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/segments/new',
    /** A ready-made one to start from. */
    validateSearch: z.object({ start: filter }),
    staticData: { needs: ['segments.read'] },
    component: lazyRouteComponent(() => import('./builder-page.tsx'), 'BuilderPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/segments/$segment',
    /** A customer of whom is told why he is in or out. */
    validateSearch: z.object({ explain: filter }),
    staticData: { needs: ['segments.read'] },
    component: lazyRouteComponent(() => import('./segment-page.tsx'), 'SegmentPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/segments/$segment/edit',
    staticData: { needs: ['segments.read'] },
    component: lazyRouteComponent(() => import('./builder-page.tsx'), 'BuilderPage'),
  }),
]
