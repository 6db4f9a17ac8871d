/** Why somebody sees no segment here: limited to some brands, or it asks for names that are shortened for him. */

import { EmptyState } from '../shared/empty-state.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Page } from '../shared/page.tsx'

export function NotForYou({ asksForGuests = false }: { asksForGuests?: boolean }) {
  return (
    <Page title={asksForGuests ? 'Segment' : 'Segments'}>
      {asksForGuests && <GuestPrivacy />}
      {asksForGuests ? (
        <EmptyState
          title="This segment asks for names, addresses or notes"
          next="You see those shortened, so that you are not told who is in it. Ask somebody who sees guests in full, or take a segment without such conditions."
        />
      ) : (
        <EmptyState
          title="Segments are over all brands"
          next="You work with some of them only. A winery admin can make a segment for you."
        />
      )}
    </Page>
  )
}
