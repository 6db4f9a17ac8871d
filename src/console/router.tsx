/**
 * The console's addresses. A page is a route here, its file (loaded when it is opened), and, where it belongs into the
 * navigation, an entry in `layout/navigation.ts`.
 */

import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { z } from 'zod'
import { queryText } from './ask.ts'
import { campaignRoutes } from './campaigns/campaign-routes.ts'
import { customersSearch } from './customers/customers-search.ts'
import { doubtfulSearch } from './exceptions/doubtful-search.ts'
import { wineriesSearch } from './home/wineries-search.ts'
import { NotHere, PageFailed } from './layout/page-failed.tsx'
import { mappingSearch } from './mapping/mapping-search.ts'
import {
  compareSearch,
  exceptionsSearch,
  initialPullSearch,
  pullSearch,
  pullsSearch,
} from './pulls/pull-search.ts'
import { daySearch, reservationsSearch } from './reservations/reservations-search.ts'
import { rootRoute, signedInRoute, wineryRoute } from './route-frame.ts'
import { segmentRoutes } from './segments/segment-routes.ts'
import { settingsRoutes } from './settings/settings-routes.ts'
import { Loading } from './shared/loading.tsx'
import { openRoutes } from './sign-in/open-routes.ts'
import { filter, listSearch, parseSearch } from './url-search.ts'

/** For the roles of the installation; everybody else is at home in a winery. */
const home = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  validateSearch: wineriesSearch,
  beforeLoad: ({ context: { me } }) => {
    if (me.winery !== null) throw redirect({ to: '/wineries/$winery', params: { winery: me.winery } })
  },
  component: lazyRouteComponent(() => import('./home/wineries-page.tsx'), 'WineriesPage'),
})

const account = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./sign-in/account-page.tsx'), 'AccountPage'),
})

/** Each on lines of its own, in the order of the navigation. */
const wineryPages = [
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/set-up',
    staticData: { needs: ['connection.test'] },
    validateSearch: z.object({ brand: filter }),
    component: lazyRouteComponent(() => import('./set-up/set-up-page.tsx'), 'SetUpPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/initial-pull',
    staticData: { needs: ['pulls.read'] },
    validateSearch: initialPullSearch,
    component: lazyRouteComponent(() => import('./initial-pull/initial-pull-page.tsx'), 'InitialPullPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/pulls',
    staticData: { needs: ['pulls.read'] },
    validateSearch: pullsSearch,
    component: lazyRouteComponent(() => import('./pulls/pulls-page.tsx'), 'PullsPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/pulls/$pull',
    staticData: { needs: ['pulls.read'] },
    validateSearch: pullSearch,
    component: lazyRouteComponent(() => import('./pulls/pull-page.tsx'), 'PullPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/compare',
    staticData: { needs: ['reservations.read'] },
    validateSearch: compareSearch,
    component: lazyRouteComponent(() => import('./pulls/compare-page.tsx'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/exceptions',
    staticData: { needs: ['exceptions.read'] },
    validateSearch: exceptionsSearch,
    component: lazyRouteComponent(() => import('./exceptions/exceptions-page.tsx'), 'ExceptionsPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/doubtful-matches',
    staticData: { needs: ['exceptions.read'] },
    validateSearch: doubtfulSearch,
    component: lazyRouteComponent(
      () => import('./exceptions/doubtful-matches-page.tsx'),
      'DoubtfulMatchesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/experiences',
    staticData: { needs: ['mapping.read'] },
    validateSearch: mappingSearch,
    component: lazyRouteComponent(() => import('./mapping/experiences-page.tsx'), 'ExperiencesPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/locations',
    staticData: { needs: ['mapping.read'] },
    validateSearch: mappingSearch,
    component: lazyRouteComponent(() => import('./mapping/locations-page.tsx'), 'LocationsPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/how-to-map',
    component: lazyRouteComponent(() => import('./mapping/how-to-map-page.tsx'), 'HowToMapPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/customers',
    staticData: { needs: ['customers.read'] },
    validateSearch: customersSearch,
    component: lazyRouteComponent(() => import('./customers/customers-page.tsx'), 'CustomersPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/customers/release',
    staticData: { needs: ['customers.read'] },
    validateSearch: listSearch({ pull: filter }),
    component: lazyRouteComponent(() => import('./customers/release-page.tsx'), 'ReleasePage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/customers/opt-out',
    staticData: { needs: ['customers.opt-out'] },
    component: lazyRouteComponent(() => import('./customers/opt-out-page.tsx'), 'OptOutPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/customers/import',
    staticData: { needs: ['customers.import'] },
    component: lazyRouteComponent(() => import('./customers/import-page.tsx'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/customers/person',
    staticData: { needs: ['customers.export-person', 'customers.erase'] },
    component: lazyRouteComponent(() => import('./customers/person-page.tsx'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/customers/$customer',
    staticData: { needs: ['customers.read'] },
    component: lazyRouteComponent(() => import('./customers/customer-page.tsx'), 'CustomerPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/reservations',
    staticData: { needs: ['reservations.read'] },
    validateSearch: reservationsSearch,
    component: lazyRouteComponent(() => import('./reservations/reservations-page.tsx'), 'ReservationsPage'),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/reservations/day',
    staticData: { needs: ['reservations.read'] },
    validateSearch: daySearch,
    component: lazyRouteComponent(
      () => import('./reservations/reservation-day-page.tsx'),
      'ReservationDayPage',
    ),
  }),
  createRoute({
    getParentRoute: () => wineryRoute,
    path: '/reservations/$brand/$reservation',
    staticData: { needs: ['reservations.read'] },
    component: lazyRouteComponent(() => import('./reservations/reservation-page.tsx'), 'ReservationPage'),
  }),
]

const routeTree = rootRoute.addChildren([
  openRoutes,
  signedInRoute.addChildren([
    home,
    account,
    wineryRoute.addChildren([...wineryPages, ...segmentRoutes, ...campaignRoutes, settingsRoutes]),
  ]),
])

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: queryText,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NotHere,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
