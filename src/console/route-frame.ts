/** What other addresses lie under: the root, whoever is signed in, a winery. */

import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { Action } from '../contract/access.ts'
import { troubleFrom } from './ask.ts'
import { AllFailed, Nowhere } from './layout/page-failed.tsx'
import { queryClient } from './reading.ts'
import { meQuery } from './session.ts'
import { brandsQuery, wineryQuery } from './winery.tsx'

export const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: Nowhere,
  errorComponent: AllFailed,
})

export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    try {
      return { me: await queryClient.ensureQueryData(meQuery) }
    } catch (error) {
      if (troubleFrom(error).code !== 'not_signed_in') throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { back: location.href } })
    }
  },
  component: lazyRouteComponent(() => import('./layout/shell.tsx'), 'Shell'),
})

export const wineryRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/wineries/$winery',
  loader: async ({ params }) => {
    const [winery, brands] = await Promise.all([
      queryClient.ensureQueryData(wineryQuery(params.winery)),
      queryClient.ensureQueryData(brandsQuery(params.winery)),
    ])
    return { winery, brands }
  },
  component: lazyRouteComponent(() => import('./layout/winery-layout.tsx'), 'WineryLayout'),
})

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The page is for whoever may any of these; without, for everybody of the winery. */
    needs?: Action[]
  }
}
