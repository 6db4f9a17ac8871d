/**
 * The console's addresses. A page is a route here, its file (loaded when it is opened), and, where it belongs into the
 * navigation, an entry in `layout/navigation.ts`.
 */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { z } from 'zod'
import { queryText, troubleFrom } from './ask.ts'
import { customersSearch } from './customers/customers-search.ts'
import { NotHere, PageFailed } from './layout/page-failed.tsx'
import { mappingSearch } from './mapping/mapping-search.ts'
import {
  compareSearch,
  exceptionsSearch,
  initialPullSearch,
  pullSearch,
  pullsSearch,
} from './pulls/pull-search.ts'
import { queryClient } from './reading.ts'
import { daySearch, reservationsSearch } from './reservations/reservations-search.ts'
import { meQuery } from './session.ts'
import { auditSearch } from './settings/audit-search.ts'
import { Loading } from './shared/loading.tsx'
import { filter, listSearch, parseSearch } from './url-search.ts'
import { brandsQuery, wineryQuery } from './winery.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotHere, errorComponent: PageFailed })

/** For whoever is not signed in. */
const open = createRoute({
  getParentRoute: () => root,
  id: 'open',
  component: lazyRouteComponent(() => import('./layout/open-layout.tsx'), 'OpenLayout'),
})
const openPages = [
  createRoute({
    getParentRoute: () => open,
    path: '/sign-in',
    validateSearch: z.object({
      back: z.string().optional().catch(undefined),
      ended: z.literal('yes').optional().catch(undefined),
    }),
    component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/forgot-password',
    component: lazyRouteComponent(() => import('./sign-in/forgot-password-page.tsx'), 'ForgotPasswordPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/reset-password',
    component: lazyRouteComponent(() => import('./sign-in/reset-password-page.tsx'), 'ResetPasswordPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/join',
    component: lazyRouteComponent(() => import('./sign-in/join-page.tsx'), 'JoinPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: '/hand-over',
    component: lazyRouteComponent(() => import('./hand-over/hand-over-page.tsx'), 'HandOverPage'),
  }),
]

const signedIn = createRoute({
  getParentRoute: () => root,
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

/** For the roles of the installation; everybody else is at home in a winery. */
const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context: { me } }) => {
    if (me.winery !== null) throw redirect({ to: '/wineries/$winery', params: { winery: me.winery } })
  },
  component: lazyRouteComponent(() => import('./home/wineries-page.tsx'), 'WineriesPage'),
})

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./sign-in/account-page.tsx'), 'AccountPage'),
})

const winery = createRoute({
  getParentRoute: () => signedIn,
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

/** Each on lines of its own, in the order of the navigation. */
const wineryPages = [
  createRoute({
    getParentRoute: () => winery,
    path: '/',
    component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/set-up',
    validateSearch: z.object({ brand: filter }),
    component: lazyRouteComponent(() => import('./set-up/set-up-page.tsx'), 'SetUpPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/initial-pull',
    validateSearch: initialPullSearch,
    component: lazyRouteComponent(() => import('./initial-pull/initial-pull-page.tsx'), 'InitialPullPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/pulls',
    validateSearch: pullsSearch,
    component: lazyRouteComponent(() => import('./pulls/pulls-page.tsx'), 'PullsPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/pulls/$pull',
    validateSearch: pullSearch,
    component: lazyRouteComponent(() => import('./pulls/pull-page.tsx'), 'PullPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/compare',
    validateSearch: compareSearch,
    component: lazyRouteComponent(() => import('./pulls/compare-page.tsx'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/exceptions',
    validateSearch: exceptionsSearch,
    component: lazyRouteComponent(() => import('./exceptions/exceptions-page.tsx'), 'ExceptionsPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/experiences',
    validateSearch: mappingSearch,
    component: lazyRouteComponent(() => import('./mapping/experiences-page.tsx'), 'ExperiencesPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/locations',
    validateSearch: mappingSearch,
    component: lazyRouteComponent(() => import('./mapping/locations-page.tsx'), 'LocationsPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/how-to-map',
    component: lazyRouteComponent(() => import('./mapping/how-to-map-page.tsx'), 'HowToMapPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/customers',
    validateSearch: customersSearch,
    component: lazyRouteComponent(() => import('./customers/customers-page.tsx'), 'CustomersPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/customers/release',
    validateSearch: listSearch({ pull: filter }),
    component: lazyRouteComponent(() => import('./customers/release-page.tsx'), 'ReleasePage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/customers/opt-out',
    component: lazyRouteComponent(() => import('./customers/opt-out-page.tsx'), 'OptOutPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/customers/import',
    component: lazyRouteComponent(() => import('./customers/import-page.tsx'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/customers/person',
    component: lazyRouteComponent(() => import('./customers/person-page.tsx'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/customers/$customer',
    component: lazyRouteComponent(() => import('./customers/customer-page.tsx'), 'CustomerPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/reservations',
    validateSearch: reservationsSearch,
    component: lazyRouteComponent(() => import('./reservations/reservations-page.tsx'), 'ReservationsPage'),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/reservations/day',
    validateSearch: daySearch,
    component: lazyRouteComponent(
      () => import('./reservations/reservation-day-page.tsx'),
      'ReservationDayPage',
    ),
  }),
  createRoute({
    getParentRoute: () => winery,
    path: '/reservations/$brand/$reservation',
    component: lazyRouteComponent(() => import('./reservations/reservation-page.tsx'), 'ReservationPage'),
  }),
]

const settings = createRoute({
  getParentRoute: () => winery,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-layout.tsx'), 'SettingsLayout'),
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
    component: lazyRouteComponent(() => import('./settings/web-store-page.tsx'), 'WebStorePage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/winery',
    component: lazyRouteComponent(() => import('./settings/winery-page.tsx'), 'WineryPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/pulls',
    component: lazyRouteComponent(() => import('./settings/pulls-page.tsx'), 'PullSettingsPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/marketing',
    component: lazyRouteComponent(() => import('./settings/marketing-page.tsx'), 'MarketingPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/shared-addresses',
    validateSearch: listSearch({}),
    component: lazyRouteComponent(
      () => import('./settings/shared-addresses-page.tsx'),
      'SharedAddressesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/key',
    component: lazyRouteComponent(() => import('./settings/key-page.tsx'), 'KeyPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/users',
    component: lazyRouteComponent(() => import('./settings/users-page.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('./settings/api-keys-page.tsx'), 'ApiKeysPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/exports',
    validateSearch: listSearch({}),
    component: lazyRouteComponent(() => import('./settings/exports-page.tsx'), 'ExportsPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/audit',
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import('./settings/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/leaving',
    component: lazyRouteComponent(() => import('./settings/leaving-page.tsx'), 'LeavingPage'),
  }),
]

const routeTree = root.addChildren([
  open.addChildren(openPages),
  signedIn.addChildren([
    home,
    account,
    winery.addChildren([...wineryPages, settings.addChildren(settingsPages)]),
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
