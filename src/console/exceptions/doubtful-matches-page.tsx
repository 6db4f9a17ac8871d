/** Doubtful matches: both sides of each, what can be decided, and what was decided before. */

import { Box, Stack, Text, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { z } from 'zod'
import { doubtfulMatchSchema } from '../../contract/api/doubtful-match.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { type DecisionKind, doubtfulCodes } from '../../contract/exception-decisions.ts'
import { at } from '../ask.ts'
import { exceptionWords } from '../pulls/pull-words.ts'
import { reading } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { LoadingRows, Paging } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { FilterBar, SelectFilter } from '../shared/filter-bar.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { doubtfulSearch } from './doubtful-search.ts'
import { ExceptionsTabs } from './exceptions-tabs.tsx'
import { headingOf, MatchCard } from './match-card.tsx'

const DecideMatchDialog = lazy(() =>
  import('./decide-match-dialog.tsx').then(({ DecideMatchDialog }) => ({ default: DecideMatchDialog })),
)

export type Match = z.output<typeof doubtfulMatchSchema>

export function DoubtfulMatchesPage() {
  const { winery } = useWinery()
  const [search, change] = useUrlSearch(doubtfulSearch)
  const { brand, code, state, cursor, match } = search
  const path = at`/wineries/${winery}/doubtful-matches`
  const list = useQuery({
    ...reading(path, pageOf(doubtfulMatchSchema), { brand, code, state, cursor, limit: 10 }),
    placeholderData: keepPreviousData,
    enabled: match === undefined,
  })
  const one = useQuery({
    ...reading(`${path}${at`/${match ?? ''}`}`, doubtfulMatchSchema),
    enabled: match !== undefined,
  })
  const items = match === undefined ? list.data?.items : one.data && [one.data]
  const [deciding, setDeciding] = useState<{ match: Match; kind: DecisionKind } | null>(null)
  const goOn = useGoOn(items)
  const isFiltered = (brand ?? code ?? state ?? match) !== undefined
  const error = list.error ?? one.error
  return (
    <Page
      title="Doubtful matches"
      intro="Guests of Tock of whom a pull cannot say whether they are a customer that you have. Their reservations are kept in any case. What you decide holds for every later pull."
    >
      <ExceptionsTabs />
      <GuestPrivacy />
      <FilterBar
        clear={
          isFiltered
            ? () => change({ brand: undefined, code: undefined, state: undefined, match: undefined })
            : undefined
        }
      >
        <SelectFilter
          label="What"
          all="All of them"
          value={code}
          choices={doubtfulCodes.map((value) => ({ value, label: exceptionWords[value].what }))}
          change={(value) => change({ code: value, match: undefined })}
        />
        <SelectFilter
          label="State"
          all="To decide"
          value={state}
          choices={[
            { value: 'decided', label: 'Decided' },
            { value: 'all', label: 'All' },
          ]}
          change={(value) => change({ state: value, match: undefined })}
        />
        <BrandFilter value={brand} change={(value) => change({ brand: value, match: undefined })} />
      </FilterBar>
      <TroubleNotice error={error} again={() => void (match === undefined ? list : one).refetch()} />
      {items === undefined ? (
        error === null && <LoadingRows name="Doubtful matches" />
      ) : (
        <Stack gap="md" aria-busy={list.isPlaceholderData}>
          {items.length === 0 && <Nothing isFiltered={isFiltered} state={state} />}
          {items.map((item) => (
            <MatchCard
              key={item.exceptionId}
              match={item}
              decide={(kind) => setDeciding({ match: item, kind })}
            />
          ))}
          {match === undefined && (
            <Paging nextCursor={list.data?.nextCursor ?? null} isEmpty={items.length === 0} />
          )}
        </Stack>
      )}
      {deciding && (
        <Suspense>
          <DecideMatchDialog
            match={deciding.match}
            kind={deciding.kind}
            close={() => setDeciding(null)}
            done={(text) => {
              notifications.show({ color: 'green', message: text })
              goOn(deciding.match.exceptionId)
            }}
          />
        </Suspense>
      )}
    </Page>
  )
}

/** After a decision the keyboard goes on with the match that has taken its place. */
function useGoOn(items: Match[] | undefined): (exceptionId: string) => void {
  const [decided, setDecided] = useState<{ exceptionId: string; place: number } | null>(null)
  useEffect(() => {
    if (decided === null || items === undefined) return
    const still = items.find(
      ({ exceptionId, decision }) => exceptionId === decided.exceptionId && decision === null,
    )
    if (still) return
    const next = items[Math.min(decided.place, items.length - 1)]
    const id = next ? headingOf(next) : 'nothing-left'
    // Once the dialog is gone, which gives the focus back first.
    setTimeout(() => document.getElementById(id)?.focus(), 300)
    setDecided(null)
  }, [decided, items])
  return (exceptionId) =>
    setDecided({ exceptionId, place: items?.findIndex((item) => item.exceptionId === exceptionId) ?? 0 })
}

function Nothing({ isFiltered, state }: { isFiltered: boolean; state: string | undefined }) {
  return (
    <Box id="nothing-left" tabIndex={-1}>
      {isFiltered ? (
        <EmptyState
          title={state === 'decided' ? 'Nothing has been decided yet' : 'Nothing matches'}
          next="Take a filter away."
        />
      ) : (
        <EmptyState
          title="No match is in doubt"
          next="When a pull cannot say who a guest is, both sides stand here, and the reservation contact is told."
        />
      )}
      <VisuallyHidden role="status">
        <Text>{isFiltered ? 'Nothing matches' : 'Nothing is left to decide'}</Text>
      </VisuallyHidden>
    </Box>
  )
}
