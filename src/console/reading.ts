/** How pages read from the API and write to it, over TanStack Query: one cache, which any write makes stale. */

import { QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { maxPageSize, pageOf } from '../contract/api/paging.ts'
import { ask, type Query, type Trouble } from './ask.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => (error as Trouble).code === 'unreachable' && failures < 2,
    },
    mutations: { retry: false },
  },
})

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Trouble
  }
}

/** For `useQuery`: what stands at a path, in a shape of `contract`. */
export function reading<Answer extends z.ZodType>(path: string, answer: Answer, query: Query = {}) {
  return queryOptions<z.output<Answer>, Trouble>({
    queryKey: ['api', path, query],
    queryFn: ({ signal }) => ask('GET', path, answer, { query, signal }),
  })
}

/** For a list that people keep short: all of its pages, so that the page can search and sort it itself. */
export function readingAll<Item extends z.ZodType>(path: string, item: Item, query: Query = {}) {
  return queryOptions<{ items: z.output<Item>[]; nextCursor: null }, Trouble>({
    queryKey: ['api', path, 'all', query],
    queryFn: async ({ signal }) => {
      const items: z.output<Item>[] = []
      let cursor: string | null = null
      do {
        const page: Page<Item> = await ask('GET', path, pageOf(item), {
          query: { ...query, limit: maxPageSize, cursor },
          signal,
        })
        items.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      return { items, nextCursor: null }
    },
  })
}
type Page<Item extends z.ZodType> = { items: z.output<Item>[]; nextCursor: string | null }

/** For what changes something; afterwards every list on the page is read anew. */
export function useWriting<Input, Result>(write: (input: Input) => Promise<Result>) {
  const client = useQueryClient()
  return useMutation<Result, Trouble, Input>({
    mutationFn: write,
    onSuccess: () => client.invalidateQueries({ queryKey: ['api'] }),
  })
}
