/** Releases customers for marketing: whom and how many, what it does (shown first), what is planned, what was done. */

import { Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { TextLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { useWinery } from '../winery.tsx'
import { PastReleases } from './past-releases.tsx'
import { PlannedReleases } from './planned-releases.tsx'

const ReleaseForm = lazy(() =>
  import('./release-form.tsx').then(({ ReleaseForm }) => ({ default: ReleaseForm })),
)

export function ReleasePage() {
  const { winery, may } = useWinery()
  return (
    <Page
      title="Release for marketing"
      intro="Customers of an initial pull are kept from marketing until somebody of the winery releases them: all at once, a part, or so many a day."
    >
      {may('customers.release') ? (
        <Suspense fallback={<Loading />}>
          <ReleaseForm />
        </Suspense>
      ) : (
        <Text>
          The winery admin releases customers. Here is what is planned, and what was released so far.
        </Text>
      )}
      <PlannedReleases />
      <PastReleases />
      <TextLink to="/wineries/$winery/customers" params={{ winery }} search={{ released: 'false' }}>
        Customers that are not released
      </TextLink>
    </Page>
  )
}
