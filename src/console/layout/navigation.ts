/** What the navigation of a winery offers, and to whom: a page is shown to whoever may read what it shows. */

import type { LinkProps } from '@tanstack/react-router'
import type { Action } from '../../contract/access.ts'

type Entry = { label: string; to: NonNullable<LinkProps['to']>; action: Action }

export const navigation: { label: string | null; entries: Entry[] }[] = [
  {
    label: null,
    entries: [
      { label: 'Home', to: '/wineries/$winery', action: 'wineries.read' },
      { label: 'Set-up', to: '/wineries/$winery/set-up', action: 'connection.test' },
    ],
  },
]
