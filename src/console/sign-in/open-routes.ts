/** The addresses for whoever is not signed in. */

import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { rootRoute } from '../route-frame.ts'

const open = createRoute({
  getParentRoute: () => rootRoute,
  id: 'open',
  component: lazyRouteComponent(() => import('../layout/open-layout.tsx'), 'OpenLayout'),
})
const openPages = [
  createRoute({
    getParentRoute: () => open,
    path: '/sign-in',
    validateSearch: z.object({
      back: z.string().optional().catch(undefined),
      ended: z.literal('yes').optional().catch(undefined),
    }),
    component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/forgot-password',
    component: lazyRouteComponent(() => import('./forgot-password-page.tsx'), 'ForgotPasswordPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/reset-password',
    component: lazyRouteComponent(() => import('./reset-password-page.tsx'), 'ResetPasswordPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/join',
    component: lazyRouteComponent(() => import('./join-page.tsx'), 'JoinPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/hand-over',
    component: lazyRouteComponent(() => import('../hand-over/hand-over-page.tsx'), 'HandOverPage'),
  }),
]

export const openRoutes = open.addChildren(openPages)
