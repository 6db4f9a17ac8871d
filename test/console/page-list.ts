/** Every page of the console, by the address that the router has for it: the tests that look at each go by this list. */

import type { Role } from '../../src/contract/access.ts'

export type PageEntry = {
  title: string | RegExp
  /** Who looks at it; the winery admin sees most. */
  as?: Role | 'nobody'
  /** Also in dark. */
  alsoDark?: true
  /** Leads elsewhere: to the page of this address. */
  leadsTo?: string
  /** It has nothing to ask for. */
  asksNothing?: true
}

/** By address, as the router has it. */
export const pages: Record<string, PageEntry> = {
  '/sign-in': { title: 'Sign in', as: 'nobody', alsoDark: true },
  '/forgot-password': { title: 'Set a new password', as: 'nobody' },
  '/reset-password': { title: 'This link is not good', as: 'nobody' },
  '/join': { title: 'This link is not good', as: 'nobody' },
  '/hand-over': { title: 'This link is not good', as: 'nobody' },
  '/': { title: 'Wineries', as: 'support' },
  '/account': { title: 'Your account' },
  '/wineries/$winery': { title: /^(Larkmoor|Cantina)/, alsoDark: true },
  '/wineries/$winery/set-up': { title: 'Set-up', alsoDark: true },
  '/wineries/$winery/initial-pull': { title: 'Initial pull' },
  '/wineries/$winery/pulls': { title: 'Pulls' },
  '/wineries/$winery/pulls/$pull': { title: /pull/i },
  '/wineries/$winery/compare': { title: 'Compare with Tock' },
  '/wineries/$winery/exceptions': { title: 'Exceptions' },
  '/wineries/$winery/experiences': { title: 'Tock Experiences List' },
  '/wineries/$winery/locations': { title: 'Locations' },
  '/wineries/$winery/how-to-map': { title: 'How to map', asksNothing: true },
  '/wineries/$winery/customers': { title: 'Customers', alsoDark: true },
  '/wineries/$winery/customers/release': { title: /release/i },
  '/wineries/$winery/customers/opt-out': { title: /opt out/i, asksNothing: true },
  '/wineries/$winery/customers/import': { title: /import/i, asksNothing: true },
  '/wineries/$winery/customers/person': { title: /person/i, asksNothing: true },
  '/wineries/$winery/customers/$customer': { title: /./ },
  '/wineries/$winery/reservations': { title: 'Reservations' },
  '/wineries/$winery/reservations/day': { title: /./ },
  '/wineries/$winery/reservations/$brand/$reservation': { title: /./ },
  '/wineries/$winery/settings': {
    title: 'Web Store Settings',
    leadsTo: '/wineries/$winery/settings/web-store',
  },
  '/wineries/$winery/settings/web-store': { title: 'Web Store Settings' },
  '/wineries/$winery/settings/winery': { title: 'Winery' },
  '/wineries/$winery/settings/pulls': { title: /pulls/i },
  '/wineries/$winery/settings/marketing': { title: /marketing/i },
  '/wineries/$winery/settings/shared-addresses': { title: 'Shared addresses' },
  '/wineries/$winery/settings/key': { title: 'Tock key' },
  '/wineries/$winery/settings/users': { title: 'Users' },
  '/wineries/$winery/settings/api-keys': { title: /API keys/ },
  '/wineries/$winery/settings/exports': { title: /exports/i },
  '/wineries/$winery/settings/audit': { title: 'Audit' },
  '/wineries/$winery/settings/leaving': { title: 'Leaving', asksNothing: true },
}
export const addresses = Object.keys(pages)
export const wineryAddresses = addresses.filter((address) => address.startsWith('/wineries/'))
