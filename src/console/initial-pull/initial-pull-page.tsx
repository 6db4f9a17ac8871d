/** The initial pull of a brand: preview, the winery admin's confirmation, the run, the report. */

import { Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { detailsSchema, pullSchema } from '../../contract/api/pull.ts'
import { at } from '../ask.ts'
import { CampaignEffects } from '../campaigns/campaign-effects.tsx'
import { PullFigures } from '../pulls/pull-figures.tsx'
import { initialPullSearch } from '../pulls/pull-search.ts'
import { reading } from '../reading.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { PullProgressPanel } from '../shared/pull-progress.tsx'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { type Brand, useWinery } from '../winery.tsx'
import { BeforePreview } from './before-preview.tsx'
import { CampaignWarning } from './campaign-warning.tsx'
import { NextStep } from './next-step.tsx'
import { PreviewFound } from './preview-found.tsx'

export function InitialPullPage() {
  const { brands, hasSeveralBrands } = useWinery()
  const [search, change] = useUrlSearch(initialPullSearch)
  const brand =
    brands.find((one) => one.brand === search.brand) ??
    brands.find((one) => one.initialPullId === null) ??
    brands[0]
  return (
    <Page
      title="Initial pull"
      intro={`The first pull ${hasSeveralBrands ? 'of a brand brings all of its' : 'brings all'} history, and makes customers of the guests that eCELLAR does not know. So look at a preview first; it changes nothing.`}
    >
      {hasSeveralBrands && (
        <Select
          label="Brand"
          data={brands.map(({ brand: value, name, initialPullId }) => ({
            value,
            label: `${name}${initialPullId === null ? '' : ' (done)'}`,
          }))}
          value={brand?.brand ?? null}
          onChange={(value) => change({ brand: value ?? undefined, request: undefined })}
          allowDeselect={false}
          w={{ base: '100%', xs: 320 }}
        />
      )}
      {brand ? (
        brand.initialPullId === null ? (
          <ToDo
            key={brand.brand}
            brand={brand}
            requestId={search.request}
            follow={(request) => change({ brand: brand.brand, request })}
          />
        ) : (
          <Done brand={brand} pullId={brand.initialPullId} />
        )
      ) : (
        <EmptyState
          title="No brand yet"
          next="eCELLAR Support adds the winery's brands, with their ids at Tock."
        />
      )}
    </Page>
  )
}

function ToDo(props: {
  brand: Brand
  requestId: string | undefined
  follow: (requestId: string | undefined) => void
}) {
  const { brand, requestId, follow } = props
  const { winery, timeZone } = useWinery()
  const latest = useQuery(
    reading(at`/wineries/${winery}/pulls`, pageOf(pullSchema), {
      brand: brand.brand,
      kind: 'preview',
      status: 'previewed',
      limit: 1,
    }),
  )
  const preview = latest.data?.items[0] ?? null
  const details = useQuery({
    ...reading(at`/wineries/${winery}/pulls/${preview?.pullId ?? ''}/details`, detailsSchema),
    enabled: preview !== null,
  })
  if (latest.error) return <TroubleNotice error={latest.error} again={() => void latest.refetch()} />
  if (!latest.data) return <Loading />
  return (
    <Stack gap="lg">
      <NextStep brand={brand} preview={preview} follow={follow} />
      {requestId !== undefined && (
        <PullProgressPanel
          key={requestId}
          winery={winery}
          requestId={requestId}
          what="Reading Tock"
          // A refusal stays to be read; what went well is on the page.
          done={(request) => request.error === null && follow(undefined)}
        />
      )}
      <BeforePreview brand={brand} />
      {preview && (
        <>
          <CampaignWarning created={preview.customers.created} />
          {preview.campaigns && (
            <Section
              title="Scheduled campaigns"
              intro="Segment by segment: whom the initial pull would bring into an audience, new customers and old ones."
            >
              <CampaignEffects effects={preview.campaigns} of="pull" />
            </Section>
          )}
          <Section
            title="What the preview says"
            intro={
              <>
                Made <When at={preview.finishedAt} zone={timeZone} />, out of Tock's snapshot of{' '}
                <When at={preview.snapshot.takenAt} zone={timeZone} />.
              </>
            }
            actions={
              <ButtonLink
                size="xs"
                variant="default"
                to="/wineries/$winery/pulls/$pull"
                params={{ winery, pull: preview.pullId }}
              >
                All of its figures
              </ButtonLink>
            }
          >
            {`${numberText(preview.reservations.added)} reservations come in, ${numberText(preview.customers.created)} customers are created, ${numberText(preview.customers.matched)} customers are found by their e-mail address.`}
          </Section>
          {details.data?.details?.preview && (
            <PreviewFound pull={preview} found={details.data.details.preview} />
          )}
        </>
      )}
    </Stack>
  )
}

function Done({ brand, pullId }: { brand: Brand; pullId: string }) {
  const { winery, timeZone } = useWinery()
  const {
    data: pull,
    error,
    refetch,
  } = useQuery(reading(at`/wineries/${winery}/pulls/${pullId}`, pullSchema))
  if (error) return <TroubleNotice error={error} again={refetch} />
  if (!pull) return <Loading />
  return (
    <Stack gap="lg">
      <Section
        title="The initial pull is done"
        intro={
          <>
            It ended <When at={pull.finishedAt} zone={timeZone} />. Next: map the experiences and locations,
            then eCELLAR Support enables the nightly pulls.
          </>
        }
        actions={
          <>
            <ButtonLink
              size="xs"
              to="/wineries/$winery/experiences"
              params={{ winery }}
              search={{ brand: brand.brand, state: 'unmapped' }}
            >
              Map experiences
            </ButtonLink>
            <ButtonLink size="xs" variant="default" to="/wineries/$winery/locations" params={{ winery }}>
              Map locations
            </ButtonLink>
          </>
        }
      >
        {`${numberText(pull.customers.created)} customers were created. They are not released for marketing until the winery admin does it.`}
      </Section>
      <PullFigures pull={pull} />
    </Stack>
  )
}
