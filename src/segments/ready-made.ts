/** Segments that wineries ask for, to start from. */

import type { Condition, Period, SegmentDefinition } from '../contract/segment.ts'

export const readyMade: { name: string; definition: SegmentDefinition }[] = [
  ready('Came in the last 90 days, may be mailed', visits(1, last(90, 'days')), mayMail()),
  ready('First visit within 30 days', { kind: 'firstVisit', in: last(30, 'days') }),
  ready('Lapsed: three visits, none in 18 months', visits(3, { kind: 'earlier', n: 18, unit: 'months' }), {
    kind: 'count',
    of: 'visits',
    in: last(18, 'months'),
    times: { is: 'atMost', n: 0 },
  }),
  ready('Coming within 14 days', {
    kind: 'count',
    of: 'upcoming',
    in: { kind: 'next', n: 14, unit: 'days' },
    times: { is: 'atLeast', n: 1 },
  }),
  ready('Cancelled or did not come at least twice', {
    kind: 'count',
    of: 'cancelledOrNoShows',
    times: { is: 'atLeast', n: 2 },
  }),
  ready('Regulars: at least two visits in 12 months', visits(2, last(12, 'months'))),
  ready(
    'Club members without a visit',
    { kind: 'flag', flag: 'clubMember', is: true },
    { kind: 'count', of: 'visits', times: { is: 'atMost', n: 0 } },
  ),
  ready('New customers, released within 30 days', { kind: 'released', in: last(30, 'days') }, mayMail()),
]

function ready(name: string, ...of: Condition[]): { name: string; definition: SegmentDefinition } {
  return { name, definition: { version: 1, where: { kind: 'all', of } } }
}

function visits(n: number, period: Period): Condition {
  return { kind: 'count', of: 'visits', in: period, times: { is: 'atLeast', n } }
}

function last(n: number, unit: 'days' | 'months'): Period {
  return { kind: 'last', n, unit }
}

function mayMail(): Condition {
  return { kind: 'flag', flag: 'mayMail', is: true }
}
