/** Where to look at what waits for a person. */

import type { LinkProps } from '@tanstack/react-router'
import type { Action } from '../../contract/access.ts'

type Place = {
  kind: 'pulls' | 'experiences' | 'seatingAreas' | 'exceptions' | 'unreleased'
  one: string
  many: string
  to: NonNullable<LinkProps['to']>
  search: Record<string, string>
  action: Action
}

export const placesOfWaiting: Place[] = [
  {
    kind: 'pulls',
    one: 'pull is waiting for approval',
    many: 'pulls are waiting for approval',
    to: '/wineries/$winery/pulls',
    search: { status: 'waiting' },
    action: 'pulls.read',
  },
  {
    kind: 'exceptions',
    one: 'exception to decide on',
    many: 'exceptions to decide on',
    to: '/wineries/$winery/exceptions',
    search: {},
    action: 'exceptions.read',
  },
  {
    kind: 'experiences',
    one: 'Tock experience without a reservation type',
    many: 'Tock experiences without a reservation type',
    to: '/wineries/$winery/experiences',
    search: { state: 'unmapped' },
    action: 'mapping.read',
  },
  {
    kind: 'seatingAreas',
    one: 'seating area without a location',
    many: 'seating areas without a location',
    to: '/wineries/$winery/locations',
    search: { state: 'unmapped' },
    action: 'mapping.read',
  },
  {
    kind: 'unreleased',
    one: 'customer not released for marketing',
    many: 'customers not released for marketing',
    to: '/wineries/$winery/customers',
    search: { released: 'false' },
    action: 'customers.read',
  },
]
