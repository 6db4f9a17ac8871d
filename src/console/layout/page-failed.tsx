/** In place of a page that cannot be shown, or that there is not. */

import { Container } from '@mantine/core'
import { troubleFrom } from '../ask.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { ContactUs } from './contact-us.tsx'

export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  if (troubleFrom(error).code === 'not_found') return <NotHere />
  return (
    <Container size="sm" py="xl">
      <Page title="This page cannot be shown">
        <TroubleNotice error={error} again={reset} />
      </Page>
    </Container>
  )
}

export function NotHere() {
  return (
    <Container size="sm" py="xl">
      <Page title="There is nothing at this address">
        <EmptyState
          title="It was moved or removed, or it is not yours to see."
          next="Look at the address again, or begin anew."
          action={<ButtonLink to="/">Go to the start</ButtonLink>}
        />
      </Page>
    </Container>
  )
}

/** The service would not answer what it shows; so it is not even asked. */
export function NotForYou({ role }: { role: string }) {
  return (
    <Container size="sm" py="xl">
      <Page title="This page is not for your role">
        <EmptyState
          title={`The role ${role} may not do this.`}
          next="When you need it, ask the winery admin or eCELLAR Support for another role."
          action={<ButtonLink to="/">Go to the start</ButtonLink>}
        />
      </Page>
    </Container>
  )
}

/** An address that belongs to no part of the console: there is no layout around it. */
export function Nowhere() {
  return (
    <Container size="sm" py="xl" component="main">
      <NotHere />
      <ContactUs />
    </Container>
  )
}

/** When not even the layout can be shown. */
export function AllFailed(props: { error: unknown; reset: () => void }) {
  return (
    <Container size="sm" py="xl" component="main">
      <PageFailed {...props} />
      <ContactUs />
    </Container>
  )
}
