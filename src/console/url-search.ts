/** What a list shows stands in its address: search, sort, filters, page. */

import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { z } from 'zod'

/** For `validateSearch` of a route: what every list has, and its own filters. Whatever is wrong is left out. */
export function listSearch<Filters extends z.ZodRawShape>(filters: Filters) {
  return z.object({
    q: z.string().optional().catch(undefined),
    sort: z.string().optional().catch(undefined),
    cursor: z.string().optional().catch(undefined),
    ...filters,
  })
}

/** A filter of `listSearch`. */
export const filter = z.string().optional().catch(undefined)
export function filterOf<Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values).optional().catch(undefined)
}

/**
 * What the address says, and how to change it: a changed search, sort or filter begins at the first page again.
 * `undefined` takes a filter away.
 */
export function useUrlSearch<Schema extends z.ZodType<object>>(_schema: Schema) {
  type Search = z.output<Schema>
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const change = (patch: Partial<Search>) =>
    void navigate({
      to: '.',
      replace: true,
      search: (before: object) => ({ ...before, cursor: undefined, ...patch }) as never,
    })
  return [search, change] as const
}

/** The cursors of the pages before, kept beside the address: going back needs them, a shared link does not. */
export function usePaging() {
  const navigate = useNavigate()
  const trail = useRouterState({ select: ({ location }) => location.state.trail ?? [] })
  const { cursor } = useSearch({ strict: false }) as { cursor?: string }
  const go = (to: string | undefined, newTrail: string[]) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, cursor: to }) as never,
      state: { trail: newTrail },
    })
  return {
    isFirst: cursor === undefined,
    page: trail.length + 1,
    next: (nextCursor: string) => go(nextCursor, [...trail, nextCursor]),
    previous: () => go(trail.at(-2), trail.slice(0, -1)),
  }
}

declare module '@tanstack/history' {
  interface HistoryState {
    trail?: string[]
  }
}

/** Plain words in addresses, no JSON. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}
