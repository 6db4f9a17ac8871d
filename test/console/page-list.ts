/** Every page of the console, by the address that the router has for it: the tests that look at each go by this list. */

import type { Action, Role } from '../../src/contract/access.ts'

export type PageEntry = {
  title: string | RegExp
  /** Who looks at it; the winery admin sees most. */
  as?: Role | 'nobody'
  /** Also in dark. */
  alsoDark?: true
  /** Leads elsewhere: to the page of this address. */
  leadsTo?: string
  /** What it shows is for whoever may any of these; without, for everybody. */
  needs?: Action[]
  /** Its name in the navigation, or among the parts of the settings. */
  entry?: string
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
  '/wineries/$winery': {
    needs: ['wineries.read'],
    entry: 'Home',
    title: /^(Larkmoor|Cantina)/,
    alsoDark: true,
  },
  '/wineries/$winery/set-up': {
    needs: ['connection.test'],
    entry: 'Set-up',
    title: 'Set-up',
    alsoDark: true,
  },
  '/wineries/$winery/initial-pull': { needs: ['pulls.read'], entry: 'Initial pull', title: 'Initial pull' },
  '/wineries/$winery/pulls': { needs: ['pulls.read'], entry: 'Pulls', title: 'Pulls' },
  '/wineries/$winery/pulls/$pull': { needs: ['pulls.read'], title: /pull/i },
  '/wineries/$winery/compare': {
    needs: ['reservations.read'],
    entry: 'Compare with Tock',
    title: 'Compare with Tock',
  },
  '/wineries/$winery/exceptions': { needs: ['exceptions.read'], entry: 'Exceptions', title: 'Exceptions' },
  '/wineries/$winery/doubtful-matches': { needs: ['exceptions.read'], title: 'Doubtful matches' },
  '/wineries/$winery/experiences': {
    needs: ['mapping.read'],
    entry: 'Experiences',
    title: 'Tock Experiences List',
  },
  '/wineries/$winery/locations': { needs: ['mapping.read'], entry: 'Locations', title: 'Locations' },
  '/wineries/$winery/how-to-map': { title: 'How to map', asksNothing: true },
  '/wineries/$winery/customers': {
    needs: ['customers.read'],
    entry: 'Customers',
    title: 'Customers',
    alsoDark: true,
  },
  '/wineries/$winery/customers/release': { needs: ['customers.read'], title: /release/i },
  '/wineries/$winery/customers/opt-out': {
    needs: ['customers.opt-out'],
    title: /opt out/i,
    asksNothing: true,
  },
  '/wineries/$winery/customers/import': { needs: ['customers.import'], title: /import/i, asksNothing: true },
  '/wineries/$winery/customers/person': {
    needs: ['customers.export-person', 'customers.erase'],
    title: /person/i,
    asksNothing: true,
  },
  '/wineries/$winery/customers/$customer': { needs: ['customers.read'], title: /./ },
  '/wineries/$winery/reservations': {
    needs: ['reservations.read'],
    entry: 'Reservations',
    title: 'Reservations',
  },
  '/wineries/$winery/reservations/day': { needs: ['reservations.read'], title: /./ },
  '/wineries/$winery/reservations/$brand/$reservation': { needs: ['reservations.read'], title: /./ },
  '/wineries/$winery/segments': { needs: ['segments.read'], entry: 'Segments', title: 'Segments' },
  '/wineries/$winery/segments/new': { needs: ['segments.read'], title: 'New segment' },
  '/wineries/$winery/segments/$segment': { needs: ['segments.read'], title: 'Regulars' },
  '/wineries/$winery/segments/$segment/edit': {
    needs: ['segments.read'],
    title: 'Edit “Regulars”',
    alsoDark: true,
  },
  '/wineries/$winery/campaigns': { needs: ['segments.read'], entry: 'Campaigns', title: 'Campaigns' },
  '/wineries/$winery/export-schedules': {
    needs: ['exports.read'],
    entry: 'Scheduled exports',
    title: 'Scheduled exports',
  },
  '/wineries/$winery/settings': {
    needs: ['settings.read'],
    entry: 'Settings',
    title: 'Web Store Settings',
    leadsTo: '/wineries/$winery/settings/web-store',
  },
  '/wineries/$winery/settings/web-store': {
    needs: ['settings.read'],
    entry: 'Web Store Settings',
    title: 'Web Store Settings',
  },
  '/wineries/$winery/settings/winery': { needs: ['settings.read'], entry: 'Winery', title: 'Winery' },
  '/wineries/$winery/settings/pulls': { needs: ['settings.read'], entry: 'Pulls', title: /pulls/i },
  '/wineries/$winery/settings/marketing': {
    needs: ['settings.read'],
    entry: 'Marketing',
    title: /marketing/i,
  },
  '/wineries/$winery/settings/shared-addresses': {
    needs: ['settings.read'],
    entry: 'Shared addresses',
    title: 'Shared addresses',
  },
  '/wineries/$winery/settings/key': { needs: ['connection.test'], entry: 'Tock key', title: 'Tock key' },
  '/wineries/$winery/settings/users': { needs: ['users.read'], entry: 'Users', title: 'Users' },
  '/wineries/$winery/settings/api-keys': {
    needs: ['api-keys.read', 'sql-login.read'],
    entry: 'API keys',
    title: /API keys/,
  },
  '/wineries/$winery/settings/exports': { needs: ['exports.read'], entry: 'Exports', title: /exports/i },
  '/wineries/$winery/settings/audit': { needs: ['audit.read'], entry: 'Audit', title: 'Audit' },
  '/wineries/$winery/settings/leaving': {
    needs: ['wineries.export', 'wineries.leave'],
    entry: 'Leaving',
    title: 'Leaving',
    asksNothing: true,
  },
}
export const addresses = Object.keys(pages)
export const wineryAddresses = addresses.filter((address) => address.startsWith('/wineries/'))
