/** The address names a segment that is not there (any more). */

import { EmptyState } from '../shared/empty-state.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { useWinery } from '../winery.tsx'

export function NoSuchSegment() {
  const { winery } = useWinery()
  return (
    <Page title="Segment">
      <EmptyState
        title="This segment is not there"
        next="It may have been removed."
        action={
          <ButtonLink to="/wineries/$winery/segments" params={{ winery }}>
            All segments
          </ButtonLink>
        }
      />
    </Page>
  )
}
