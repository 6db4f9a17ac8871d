/** Exceptions: what needs a person, grouped by cause, with what it means and what to do. */

import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { exceptionGroupSchema, exceptionSchema } from '../../contract/api/exception.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { doubtfulCodes, exceptionStates } from '../../contract/exception-decisions.ts'
import { type ExceptionCode, exceptionCodes } from '../../contract/vocabulary.ts'
import { ask, at } from '../ask.ts'
import { exceptionsSearch } from '../pulls/pull-search.ts'
import { exceptionWords } from '../pulls/pull-words.ts'
import { reading, useWriting } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { FilterBar, SelectFilter } from '../shared/filter-bar.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { PullProgressPanel } from '../shared/pull-progress.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { ageText, When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { CloseDialog, type ExceptionsToClose } from './close-dialog.tsx'
import { decisionLabel } from './decision-words.ts'
import { ExceptionsTabs } from './exceptions-tabs.tsx'

export type Exception = z.output<typeof exceptionSchema>
type Group_ = z.output<typeof exceptionGroupSchema>
const groupsAnswer = z.object({ items: z.array(exceptionGroupSchema) })
const retried = z.object({
  exceptions: z.int(),
  requests: z.array(z.object({ brand: z.string(), requestId: z.string() })),
})
const stateWords = {
  open: 'Open',
  resolved: 'Closed',
  decided: 'Decided by a person',
  all: 'Open and closed',
} as const

export function ExceptionsPage() {
  const { winery, hasSeveralBrands, timeZone, may } = useWinery()
  const [search, change] = useUrlSearch(exceptionsSearch)
  const { brand, code, state, cursor } = search
  const path = at`/wineries/${winery}/exceptions`
  const groups = useQuery(reading(`${path}/groups`, groupsAnswer, { brand }))
  const list = useQuery({
    ...reading(path, pageOf(exceptionSchema), { brand, code, state, cursor, limit: 25 }),
    placeholderData: keepPreviousData,
  })
  const [closing, setClosing] = useState<ExceptionsToClose | null>(null)
  const [requests, setRequests] = useState<{ brand: string; requestId: string }[]>([])
  const retrying = useWriting((exceptionId: string | null) =>
    ask('POST', exceptionId === null ? `${path}/retry` : `${path}${at`/${exceptionId}`}/retry`, retried, {
      ...(exceptionId === null ? { body: brand === undefined ? {} : { brand } } : {}),
    }),
  )
  const retry = (exceptionId: string | null) =>
    retrying.mutate(exceptionId, { onSuccess: (answer) => setRequests(answer.requests) })
  const mayDecide = may('exceptions.decide')
  const causes = byCause(groups.data?.items ?? [])
  return (
    <Page
      title="Exceptions"
      intro="What pulls could not decide by themselves. Reservations are kept in any case, unless it says otherwise."
      actions={
        mayDecide &&
        causes.length > 0 && (
          <Button variant="default" loading={retrying.isPending} onClick={() => retry(null)}>
            Try all again
          </Button>
        )
      }
    >
      <ExceptionsTabs />
      <TroubleNotice error={retrying.error ?? groups.error} />
      {requests.map((request) => (
        <PullProgressPanel
          key={request.requestId}
          winery={winery}
          requestId={request.requestId}
          what={hasSeveralBrands ? `Trying again: ${request.brand}` : 'Trying again'}
          done={() => setRequests((before) => before.filter((one) => one !== request))}
        />
      ))}
      {causes.length > 0 && (
        <SimpleGrid cols={{ base: 1, md: 2 }} component="section" aria-label="By cause">
          {causes.map((cause) => (
            <Section
              key={cause.code}
              title={`${exceptionWords[cause.code].what} (${numberText(cause.open)})`}
              intro={`The oldest for ${ageText(cause.oldest)}.`}
            >
              <Text size="sm">{exceptionWords[cause.code].means}</Text>
              <Text size="sm">
                <b>What to do:</b> {exceptionWords[cause.code].todo}
              </Text>
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Show them: ${exceptionWords[cause.code].what}`}
                  onClick={() => change({ code: cause.code, state: undefined })}
                >
                  Show them
                </Button>
                {isDoubtful(cause.code) ? (
                  <ButtonLink
                    size="xs"
                    variant="subtle"
                    aria-label={`See both sides: ${exceptionWords[cause.code].what}`}
                    to="/wineries/$winery/doubtful-matches"
                    params={{ winery }}
                    search={{ code: cause.code, brand }}
                  >
                    See both sides
                  </ButtonLink>
                ) : (
                  mayDecide && (
                    <Button
                      size="xs"
                      variant="subtle"
                      aria-label={`Close all: ${exceptionWords[cause.code].what}`}
                      onClick={() =>
                        setClosing({ code: cause.code, exception: null, count: cause.open, brand })
                      }
                    >
                      Close all
                    </Button>
                  )
                )}
              </Group>
            </Section>
          ))}
        </SimpleGrid>
      )}
      <FilterBar
        clear={
          (brand ?? code ?? state)
            ? () => change({ brand: undefined, code: undefined, state: undefined })
            : undefined
        }
      >
        <SelectFilter
          label="Cause"
          all="All causes"
          value={code}
          choices={exceptionCodes.map((value) => ({ value, label: exceptionWords[value].what }))}
          change={(value) => change({ code: value })}
        />
        <SelectFilter
          label="State"
          all={stateWords.open}
          value={state}
          choices={exceptionStates.map((value) => ({ value, label: stateWords[value] }))}
          change={(value) => change({ state: value })}
        />
        <BrandFilter value={brand} change={(value) => change({ brand: value })} />
      </FilterBar>
      <DataTable
        name="Exceptions"
        list={list}
        rowKey={({ exceptionId }) => exceptionId}
        columns={[
          {
            id: 'what',
            header: 'What',
            isTitle: true,
            cell: (row) => (
              <Stack gap={2} maw="32rem">
                <Text span size="sm" fw={600}>
                  {exceptionWords[row.code].what}
                </Text>
                <Text span size="sm" fw={400}>
                  {row.message}
                </Text>
                {row.decision !== null && (
                  <Text span size="sm" c="dimmed" fw={400}>
                    {decisionLabel(row.decision)}, {row.decidedBy}
                    {row.closedBecause && `: ${row.closedBecause}`}
                  </Text>
                )}
              </Stack>
            ),
          },
          hasSeveralBrands && { id: 'brand', header: 'Brand', cell: (row) => row.brand },
          { id: 'address', header: 'Address', cell: (row) => row.address ?? '—' },
          {
            id: 'found',
            header: 'Look at',
            cell: (row) => (
              <Stack gap={2}>
                {row.tockKey !== null && (
                  <TextLink
                    size="sm"
                    to="/wineries/$winery/reservations"
                    params={{ winery }}
                    search={{ q: row.tockKey.slice(2) }}
                  >
                    {row.tockKey.startsWith('w:') ? 'Walk-in' : 'Reservation'} {row.tockKey.slice(2)}
                  </TextLink>
                )}
                <TextLink size="sm" to="/wineries/$winery/pulls/$pull" params={{ winery, pull: row.pullId }}>
                  Pull {row.pullId}
                </TextLink>
              </Stack>
            ),
          },
          {
            id: 'since',
            header: 'Since',
            cell: (row) => (
              <Stack gap={2}>
                <When at={row.firstSeenAt} zone={timeZone} />
                {row.resolvedAt !== null && <StatusBadge look="good">Closed</StatusBadge>}
              </Stack>
            ),
          },
          mayDecide && {
            id: 'do',
            header: 'What you can do',
            hidesLabel: true,
            cell: (row) =>
              row.resolvedAt === null && (
                <Group gap={6}>
                  {isDoubtful(row.code) ? (
                    <ButtonLink
                      size="compact-sm"
                      aria-label={`See both sides of ${row.exceptionId}`}
                      to="/wineries/$winery/doubtful-matches"
                      params={{ winery }}
                      search={{ match: row.exceptionId }}
                    >
                      See both sides
                    </ButtonLink>
                  ) : (
                    <Button
                      size="compact-sm"
                      aria-label={`Close ${row.exceptionId}`}
                      onClick={() => setClosing({ code: row.code, exception: row, count: 1, brand })}
                    >
                      Close
                    </Button>
                  )}
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Try again ${row.exceptionId}`}
                    onClick={() => retry(row.exceptionId)}
                  >
                    Try again
                  </Button>
                </Group>
              ),
          },
        ]}
        empty={
          causes.length === 0 && code === undefined && state === undefined ? (
            <EmptyState
              title="Nothing needs a decision"
              next="When a pull cannot decide something, it stands here, and the reservation contact is told."
            />
          ) : (
            <EmptyState title="Nothing matches" next="Take a filter away." />
          )
        }
      />
      {closing && (
        <CloseDialog
          of={closing}
          close={() => setClosing(null)}
          done={(text) => notifications.show({ color: 'green', message: text })}
        />
      )}
    </Page>
  )
}

function isDoubtful(code: ExceptionCode): code is (typeof doubtfulCodes)[number] {
  return (doubtfulCodes as readonly ExceptionCode[]).includes(code)
}

/** The brands' groups together. */
function byCause(groups: Group_[]): { code: Group_['code']; open: number; oldest: Date }[] {
  const found = new Map<Group_['code'], { code: Group_['code']; open: number; oldest: Date }>()
  for (const { code, open, oldestFirstSeenAt } of groups) {
    const before = found.get(code)
    found.set(code, {
      code,
      open: open + (before?.open ?? 0),
      oldest: before && before.oldest < oldestFirstSeenAt ? before.oldest : oldestFirstSeenAt,
    })
  }
  return [...found.values()].sort((a, b) => b.open - a.open)
}
