/** Questions about a definition or a saved segment: they are writes by their method only, and are never kept for long. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { customerSchema } from '../../contract/api/customer.ts'
import { segmentCountSchema, segmentExplanationSchema } from '../../contract/api/segment.ts'
import type { SegmentDefinition } from '../../contract/segment.ts'
import { ask, at, type Trouble } from '../ask.ts'

/** A saved one by its name, or a definition as it stands. */
export type Asked = { segment: string } | { definition: SegmentDefinition }

export type SegmentCount = z.output<typeof segmentCountSchema>
export type Explanation = z.output<typeof segmentExplanationSchema>
export const sampleSize = 10
const sampleSchema = z.object({ items: z.array(customerSchema) })

/** Another definition aborts the question of the one before; the server then stops counting. */
export function counting(winery: string, asked: Asked | null) {
  return queryOptions<SegmentCount, Trouble>({
    queryKey: ['segment', winery, 'count', asked],
    queryFn: ({ signal }) =>
      ask('POST', at`/wineries/${winery}/segments/count`, segmentCountSchema, { body: asked, signal }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export function sampling(winery: string, asked: Asked | null) {
  return queryOptions<z.output<typeof sampleSchema>, Trouble>({
    queryKey: ['segment', winery, 'sample', asked],
    queryFn: ({ signal }) =>
      ask('POST', at`/wineries/${winery}/segments/customers`, sampleSchema, {
        body: { ...asked, limit: sampleSize },
        signal,
      }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export function explaining(winery: string, asked: Asked | null, customer: string | undefined) {
  return queryOptions<Explanation, Trouble>({
    queryKey: ['segment', winery, 'explain', asked, customer],
    queryFn: ({ signal }) =>
      ask('POST', at`/wineries/${winery}/segments/explain`, segmentExplanationSchema, {
        body: { ...asked, customer },
        signal,
      }),
    enabled: asked !== null && customer !== undefined,
    retry: false,
  })
}
