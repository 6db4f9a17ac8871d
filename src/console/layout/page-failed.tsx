/** In place of a page that cannot be shown, or that there is not. */

import { Container, Stack } from '@mantine/core'
import { troubleFrom } from '../ask.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'

export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  if (troubleFrom(error).code === 'not_found') return <NotHere />
  return (
    <Container size="sm" py="xl">
      <Stack>
        <TroubleNotice error={error} again={reset} />
      </Stack>
    </Container>
  )
}

export function NotHere() {
  return (
    <Container size="sm" py="xl">
      <EmptyState
        title="There is nothing at this address"
        next="It was moved or removed, or it is not yours to see."
        action={<ButtonLink to="/">Go to the start</ButtonLink>}
      />
    </Container>
  )
}
