/** What the navigation of a winery offers, and to whom: a page is shown to whoever may read what it shows. */

import type { LinkProps } from '@tanstack/react-router'
import type { Action } from '../../contract/access.ts'

type Entry = {
  label: string
  to: NonNullable<LinkProps['to']>
  action: Action /** Not for whoever is limited to some brands. */
  isOverAllBrands?: boolean
}

export const navigation: { label: string | null; entries: Entry[] }[] = [
  {
    label: null,
    entries: [
      { label: 'Home', to: '/wineries/$winery', action: 'wineries.read' },
      { label: 'Set-up', to: '/wineries/$winery/set-up', action: 'connection.test' },
    ],
  },
  {
    label: 'Tock',
    entries: [
      { label: 'Initial pull', to: '/wineries/$winery/initial-pull', action: 'pulls.read' },
      { label: 'Pulls', to: '/wineries/$winery/pulls', action: 'pulls.read' },
      { label: 'Compare with Tock', to: '/wineries/$winery/compare', action: 'reservations.read' },
      { label: 'Exceptions', to: '/wineries/$winery/exceptions', action: 'exceptions.read' },
      { label: 'Experiences', to: '/wineries/$winery/experiences', action: 'mapping.read' },
      { label: 'Locations', to: '/wineries/$winery/locations', action: 'mapping.read' },
    ],
  },
  {
    label: 'Guests',
    entries: [
      { label: 'Customers', to: '/wineries/$winery/customers', action: 'customers.read' },
      { label: 'Reservations', to: '/wineries/$winery/reservations', action: 'reservations.read' },
      { label: 'Segments', to: '/wineries/$winery/segments', action: 'segments.read', isOverAllBrands: true },
      {
        label: 'Campaigns',
        to: '/wineries/$winery/campaigns',
        action: 'segments.read',
        isOverAllBrands: true,
      },
      {
        label: 'Scheduled exports',
        to: '/wineries/$winery/export-schedules',
        action: 'exports.read',
        isOverAllBrands: true,
      },
    ],
  },
  {
    label: 'Winery',
    entries: [{ label: 'Settings', to: '/wineries/$winery/settings', action: 'settings.read' }],
  },
]
