/**
 * Where a segment is built: conditions on the one side; on the other what they say in words, how many customers match
 * and how many may be mailed, while one builds.
 */

import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { segmentsSchema } from '../../contract/api/segment.ts'
import type { SegmentDefinition } from '../../contract/segment.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { PageToCome } from '../shared/page-to-come.tsx'
import { useWinery } from '../winery.tsx'
import { BuilderForm } from './builder-form.tsx'
import { NoSuchSegment } from './no-such-segment.tsx'
import { NotForYou } from './not-for-you.tsx'
import { type SavedSegment, useIsHidden, useMayHaveSegments, useSegments } from './use-segments.ts'

export function BuilderPage() {
  const { winery } = useWinery()
  const { segment } = useParams({ strict: false }) as { segment?: string }
  const { start } = useSearch({ strict: false }) as { start?: string }
  const isHidden = useIsHidden()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data, error, refetch } = useSegments()
  if (!useMayHaveSegments()) return <NotForYou />
  if (error || !data)
    return (
      <PageToCome title={segment === undefined ? 'New segment' : 'Segment'} error={error} again={refetch} />
    )
  const saved = data.items.find(({ segmentId }) => segmentId === segment)
  const ready = data.readyMade.find(({ name }) => name === start)
  if (segment !== undefined && !saved) return <NoSuchSegment />
  const definition: SegmentDefinition | null = saved?.definition ?? ready?.definition ?? null
  if (isHidden(definition)) return <NotForYou asksForGuests />
  const done = async (kept: SavedSegment) => {
    // The page of the segment finds it there.
    await client.fetchQuery({ ...reading(at`/wineries/${winery}/segments`, segmentsSchema), staleTime: 0 })
    await navigate({ to: '/wineries/$winery/segments/$segment', params: { winery, segment: kept.segmentId } })
  }
  return (
    <BuilderForm
      key={`${segment} ${start}`}
      of={segment ?? `new ${start ?? ''}`}
      saved={saved ?? null}
      name={saved?.name ?? ready?.name ?? ''}
      definition={definition}
      done={done}
    />
  )
}
