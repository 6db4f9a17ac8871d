/** The saved segments of a winery, and the ready-made ones to start from. */

import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { type savedSegmentSchema, segmentsSchema } from '../../contract/api/segment.ts'
import { asksForGuests, leavesOf, type SegmentDefinition } from '../../contract/segment.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { useSeesGuests } from '../shared/guest-privacy.tsx'
import { useWinery } from '../winery.tsx'

export type SavedSegment = z.output<typeof savedSegmentSchema>

export function useSegments() {
  const { winery } = useWinery()
  return useQuery(reading(at`/wineries/${winery}/segments`, segmentsSchema))
}

/** Names, addresses or notes are asked for, and whoever is here does not see them in full. */
export function useIsHidden(): (definition: SegmentDefinition | null) => boolean {
  const seesGuests = useSeesGuests()
  return (definition) => !seesGuests && definition !== null && leavesOf(definition.where).some(asksForGuests)
}

/** Segments are over all brands: whoever is limited to some has none. */
export function useMayHaveSegments(): boolean {
  return useWinery().me.brands === null
}
