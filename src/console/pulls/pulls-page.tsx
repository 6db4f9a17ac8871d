/** The history of pulls. */

import { Button, Group } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pageOf } from '../../contract/api/paging.ts'
import { askedPull, pullSchema } from '../../contract/api/pull.ts'
import { type PullReport, pullKinds, pullStatuses } from '../../contract/pull-report.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { type DataColumn, DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { Figure } from '../shared/figure.tsx'
import { FilterBar, SelectFilter } from '../shared/filter-bar.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { PullProgressPanel } from '../shared/pull-progress.tsx'
import { PullStatusBadge, pullStatusText } from '../shared/pull-status.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { pullsSearch } from './pull-search.ts'
import { kindWords } from './pull-words.ts'

type Behind = Pick<Parameters<typeof Figure>[0], 'params' | 'search'> & {
  to: NonNullable<Parameters<typeof Figure>[0]['to']>
}

export function PullsPage() {
  const { winery, brands, hasSeveralBrands, timeZone, may } = useWinery()
  const [search, change] = useUrlSearch(pullsSearch)
  const { brand, kind, status, cursor } = search
  const list = useQuery({
    ...reading(at`/wineries/${winery}/pulls`, pageOf(pullSchema), { brand, kind, status, cursor, limit: 25 }),
    placeholderData: keepPreviousData,
  })
  const [requestId, setRequestId] = useState<string | null>(null)
  const pulling = useWriting((code: string) =>
    ask('POST', at`/wineries/${winery}/brands/${code}/pulls`, askedPull),
  )
  const chosen = brands.find(
    (one) => one.brand === (brand ?? (hasSeveralBrands ? undefined : brands[0]?.brand)),
  )
  const isFiltered = brand !== undefined || kind !== undefined || status !== undefined
  const params = { winery }
  /** A pull that was not applied left no rows to look at. */
  const figure = (
    id: string,
    header: string,
    what: string,
    value: (pull: PullReport) => number,
    behind?: (pull: PullReport) => Behind | false,
  ): DataColumn<PullReport> => ({
    id,
    header,
    align: 'right',
    cell: (pull) => {
      const link = pull.status === 'applied' && behind?.(pull)
      return (
        <Figure
          value={value(pull)}
          what={what}
          {...(link ? { ...link, params: { winery, ...link.params } } : {})}
        />
      )
    },
  })
  return (
    <Page
      title="Pulls"
      intro={`Each pull reads everything that Tock has of ${hasSeveralBrands ? 'a brand' : 'the winery'}, and says what came of it.`}
      actions={
        <>
          <ButtonLink variant="default" to="/wineries/$winery/compare" params={params}>
            Compare with Tock
          </ButtonLink>
          <ButtonLink
            variant="default"
            to="/wineries/$winery/initial-pull"
            params={params}
            search={{ brand }}
          >
            Initial pull
          </ButtonLink>
          {may('pulls.start') && chosen?.initialPullId && (
            <Button
              loading={pulling.isPending}
              onClick={() =>
                pulling.mutate(chosen.brand, { onSuccess: (asked) => setRequestId(asked.requestId) })
              }
            >
              {hasSeveralBrands ? `Pull ${chosen.name} now` : 'Pull now'}
            </Button>
          )}
        </>
      }
    >
      <TroubleNotice error={pulling.error} />
      {requestId !== null && <PullProgressPanel winery={winery} requestId={requestId} what="Pulling" />}
      <FilterBar
        clear={
          isFiltered ? () => change({ brand: undefined, kind: undefined, status: undefined }) : undefined
        }
      >
        <BrandFilter value={brand} change={(value) => change({ brand: value })} />
        <SelectFilter
          label="Kind"
          all="All kinds"
          value={kind}
          choices={pullKinds.map((value) => ({ value, label: kindWords[value] }))}
          change={(value) => change({ kind: value })}
        />
        <SelectFilter
          label="How it ended"
          all="All"
          value={status}
          choices={pullStatuses.map((value) => ({ value, label: pullStatusText(value) }))}
          change={(value) => change({ status: value })}
        />
      </FilterBar>
      <DataTable
        name="Pulls"
        list={list}
        rowKey={({ pullId }) => pullId}
        columns={[
          {
            id: 'pull',
            header: 'Pull',
            isTitle: true,
            cell: (pull) => (
              <TextLink to="/wineries/$winery/pulls/$pull" params={{ winery, pull: pull.pullId }}>
                {kindWords[pull.kind]} {pull.pullId}
              </TextLink>
            ),
          },
          hasSeveralBrands && { id: 'brand', header: 'Brand', cell: (pull) => pull.brand },
          {
            id: 'when',
            header: 'When',
            cell: (pull) => <When at={pull.startedAt} zone={timeZone} />,
          },
          {
            id: 'status',
            header: 'How it ended',
            cell: ({ status: ended }) => <PullStatusBadge status={ended} />,
          },
          figure('inSnapshot', 'In Tock', 'reservations in Tock', (pull) => pull.reservations.inSnapshot),
          figure(
            'added',
            'Added',
            'added reservations',
            (pull) => pull.reservations.added,
            (pull) => ({ to: '/wineries/$winery/reservations', search: { firstSeenPull: pull.pullId } }),
          ),
          figure(
            'changed',
            'Changed',
            'changed reservations',
            (pull) => pull.reservations.changed,
            (pull) =>
              may('pulls.changes') && {
                to: '/wineries/$winery/pulls/$pull',
                params: { pull: pull.pullId },
                search: { entity: 'reservation' },
              },
          ),
          figure(
            'missing',
            'No longer in Tock',
            'reservations no longer in Tock',
            (pull) => pull.reservations.missing,
            (pull) => ({
              to: '/wineries/$winery/reservations',
              search: { changedInPull: pull.pullId, missing: 'true' },
            }),
          ),
          figure(
            'created',
            'Customers created',
            'customers created',
            (pull) => pull.customers.created,
            (pull) => ({ to: '/wineries/$winery/customers', search: { createdInPull: pull.pullId } }),
          ),
        ]}
        empty={
          isFiltered ? (
            <EmptyState title="No pull like this" next="Take a filter away." />
          ) : (
            <EmptyState
              title="No pull yet"
              next="The initial pull comes first; afterwards there is one every night."
              action={
                <Group justify="center">
                  <ButtonLink to="/wineries/$winery/initial-pull" params={params}>
                    To the initial pull
                  </ButtonLink>
                </Group>
              }
            />
          )
        }
      />
    </Page>
  )
}
