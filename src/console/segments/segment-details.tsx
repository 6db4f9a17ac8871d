/** Below the numbers of a segment: who came and went, a sample, why anybody is in or out, what was exported. */

import { BuilderPeople } from './builder-people.tsx'
import { PastSegmentExports } from './past-segment-exports.tsx'
import { SegmentHistory } from './segment-history.tsx'
import type { SavedSegment } from './use-segments.ts'

export function SegmentDetails(props: { segment: SavedSegment; explained: string | undefined }) {
  const { segmentId, name } = props.segment
  return (
    <>
      <SegmentHistory segmentId={segmentId} />
      <BuilderPeople asked={{ segment: name }} explained={props.explained} />
      <PastSegmentExports segmentId={segmentId} />
    </>
  )
}
