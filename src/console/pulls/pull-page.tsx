/** One pull: what it did, its files and timings, and, where it waits, the decision. */

import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { detailsSchema, pullSchema } from '../../contract/api/pull.ts'
import { at } from '../ask.ts'
import { CampaignEffects } from '../campaigns/campaign-effects.tsx'
import { PreviewFound } from '../initial-pull/preview-found.tsx'
import { reading } from '../reading.ts'
import { Facts } from '../shared/facts.tsx'
import { numberText } from '../shared/figure.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { PageToCome } from '../shared/page-to-come.tsx'
import { PullStatusBadge } from '../shared/pull-status.tsx'
import { Section } from '../shared/section.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { PullFigures } from './pull-figures.tsx'
import { PullFiles } from './pull-files.tsx'
import { bytesText, durationText, kindWords } from './pull-words.ts'
import { UndoPull } from './undo-pull.tsx'
import { WaitingPull } from './waiting-pull.tsx'

/** What stands below the figures comes after them. */
const PullChanges = lazy(() =>
  import('./pull-changes.tsx').then(({ PullChanges }) => ({ default: PullChanges })),
)

export function PullPage() {
  const { winery, hasSeveralBrands, brands, timeZone, may } = useWinery()
  const { pull: pullId } = useParams({ from: '/signed-in/wineries/$winery/pulls/$pull' })
  const path = at`/wineries/${winery}/pulls/${pullId}`
  const { data: pull, error, refetch } = useQuery(reading(path, pullSchema))
  const details = useQuery(reading(`${path}/details`, detailsSchema)).data?.details ?? null
  if (error || !pull) return <PageToCome title={`Pull ${pullId}`} error={error} again={refetch} />
  const brand = brands.find((one) => one.brand === pull.brand)
  const { snapshot } = pull
  return (
    <Page
      title={`${kindWords[pull.kind]} ${pull.pullId}${hasSeveralBrands ? ` of ${brand?.name ?? pull.brand}` : ''}`}
      actions={
        <ButtonLink variant="default" to="/wineries/$winery/pulls" params={{ winery }}>
          All pulls
        </ButtonLink>
      }
    >
      <div>
        <PullStatusBadge status={pull.status} />
      </div>
      {pull.error && (
        <Alert color="red" title={pull.error.message}>
          <Text size="sm">{pull.error.nextStep}</Text>
        </Alert>
      )}
      {pull.status === 'waiting' && <WaitingPull pull={pull} guard={details?.guard ?? null} />}
      <Section title="When, and how much">
        <Facts
          facts={[
            { label: 'Began', value: <When at={pull.startedAt} zone={timeZone} /> },
            { label: 'Took', value: durationText(pull.durationMs) },
            {
              label: "Tock's snapshot",
              value:
                snapshot.takenAt === null ? (
                  'none came'
                ) : (
                  <>
                    taken <When at={snapshot.takenAt} zone={timeZone} />
                  </>
                ),
            },
            {
              label: 'Files',
              value: `${numberText(snapshot.files)}, ${numberText(snapshot.filesUnchanged)} of them unchanged since the pull before; ${bytesText(snapshot.bytes)} read`,
            },
          ]}
        />
        {details && details.files.length > 0 && <PullFiles files={details.files} />}
      </Section>
      {pull.status !== 'refused' && pull.status !== 'failed' && (
        <Stack gap="lg">
          <PullFigures pull={pull} />
          {pull.campaigns && (
            <Section
              title="Scheduled campaigns"
              intro={
                pull.kind === 'preview'
                  ? 'What they would do, were this the initial pull.'
                  : 'What they did by it, and would do once its customers are released.'
              }
            >
              <CampaignEffects effects={pull.campaigns} of="pull" />
            </Section>
          )}
          {pull.kind === 'preview' && details?.preview && (
            <PreviewFound pull={pull} found={details.preview} />
          )}
        </Stack>
      )}
      {pull.status === 'applied' && may('pulls.changes') && (
        <Suspense fallback={<Loading />}>
          <PullChanges pullId={pullId} />
        </Suspense>
      )}
      {pull.status === 'applied' && <UndoPull pull={pull} />}
    </Page>
  )
}
