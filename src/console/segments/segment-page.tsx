/** One saved segment: what it says, how many it holds and held, who came and went, why, and what was made of it. */

import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { PageToCome } from '../shared/page-to-come.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { type Asked, counting } from './asking.ts'
import { definitionWords } from './definition-words.ts'
import { NoSuchSegment } from './no-such-segment.tsx'
import { NotForYou } from './not-for-you.tsx'
import { SegmentActions } from './segment-actions.tsx'
import { AsOf, TwoNumbers, WhyNotMailed } from './segment-numbers.tsx'
import { useNaming } from './use-choices.ts'
import { type SavedSegment, useIsHidden, useMayHaveSegments, useSegments } from './use-segments.ts'

/** What stands below the numbers comes after them. */
const SegmentDetails = lazy(() =>
  import('./segment-details.tsx').then(({ SegmentDetails }) => ({ default: SegmentDetails })),
)

export function SegmentPage() {
  const { segment } = useParams({ strict: false }) as { segment: string }
  const { data, error, refetch } = useSegments()
  const isHidden = useIsHidden()
  if (!useMayHaveSegments()) return <NotForYou />
  if (error || !data) return <PageToCome title="Segment" error={error} again={refetch} />
  const found = data.items.find(({ segmentId }) => segmentId === segment)
  if (!found) return <NoSuchSegment />
  if (isHidden(found.definition)) return <NotForYou asksForGuests />
  return <Segment segment={found} all={data.items} />
}

function Segment({ segment, all }: { segment: SavedSegment; all: SavedSegment[] }) {
  const { winery, timeZone, may } = useWinery()
  const { explain } = useSearch({ strict: false }) as { explain?: string }
  const naming = useNaming()
  const asked: Asked = { segment: segment.name }
  const count = useQuery(counting(winery, asked))
  const isStatic = segment.kind === 'static'
  return (
    <Page
      title={segment.name}
      intro={
        <>
          {isStatic ? 'Static' : 'Dynamic'}, last changed <When at={segment.changedAt} zone={timeZone} /> by{' '}
          {segment.changedBy}
        </>
      }
      actions={<SegmentActions segment={segment} all={all} count={count.data} />}
    >
      {segment.campaignName !== null && (
        <Group gap="xs">
          <StatusBadge look="news">Campaign audience</StatusBadge>
          <Text size="sm">
            <TextLink to="/wineries/$winery/campaigns" params={{ winery }}>
              {segment.campaignName}
            </TextLink>
            {segment.campaignAt !== null && (
              <>
                , sent <When at={segment.campaignAt} zone={timeZone} />
              </>
            )}
          </Text>
        </Group>
      )}
      <Section
        title="Who that is"
        actions={
          segment.definition !== null && (
            <ButtonLink
              to="/wineries/$winery/segments/$segment/edit"
              params={{ winery, segment: segment.segmentId }}
              variant="default"
              size="xs"
            >
              {may('segments.write') ? 'Edit' : 'Conditions'}
            </ButtonLink>
          )
        }
      >
        <Text style={{ overflowWrap: 'anywhere' }}>
          {segment.definition === null ? 'A list of customers.' : definitionWords(segment.definition, naming)}
        </Text>
        {isStatic && segment.definition !== null && (
          <Text size="sm">
            A list: whoever matched on <When at={segment.changedAt} zone={timeZone} />. Nobody comes or goes
            by itself.
          </Text>
        )}
        <TroubleNotice error={count.error} again={count.refetch} />
        {!count.data && !count.error && <Loading />}
        {count.data && (
          <Stack gap="md">
            <TwoNumbers count={count.data} />
            <Group gap="xl" align="flex-start">
              <WhyNotMailed count={count.data} />
              <AsOf asOf={count.data.asOf} />
            </Group>
          </Stack>
        )}
      </Section>
      <Suspense fallback={<Loading />}>
        <SegmentDetails segment={segment} explained={explain} />
      </Suspense>
    </Page>
  )
}
