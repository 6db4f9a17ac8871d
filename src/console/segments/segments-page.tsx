/** The segments of a winery: saved ones with their size, and ready-made ones to start from. */

import { Group, SimpleGrid, Text } from '@mantine/core'
import { PlusIcon } from '@radix-ui/react-icons'
import { DataTable, type PagedList } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { FilterBar, SearchBox, SelectFilter } from '../shared/filter-bar.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { definitionWords } from './definition-words.ts'
import { NotForYou } from './not-for-you.tsx'
import { segmentsSearch } from './segments-search.ts'
import { sortedSegments } from './sorted-segments.ts'
import { useNaming } from './use-choices.ts'
import { type SavedSegment, useMayHaveSegments, useSegments } from './use-segments.ts'

export function SegmentsPage() {
  const { winery, may, timeZone, hasSeveralBrands } = useWinery()
  const [search, change] = useUrlSearch(segmentsSearch)
  const { q, kind, sort = 'name' } = search
  const segments = useSegments()
  if (!useMayHaveSegments()) return <NotForYou />
  const all = segments.data?.items ?? []
  const isFiltered = q !== undefined || kind !== undefined
  const list: PagedList<SavedSegment> = {
    error: segments.error,
    isPending: segments.isPending,
    data: segments.data && { items: sortedSegments(all, search), nextCursor: null },
    refetch: segments.refetch,
  }
  return (
    <Page
      title="Segments"
      intro={`Customers${hasSeveralBrands ? ' over all brands' : ''}, by who they are and what they booked: to look at, and to write to.`}
      actions={
        <ButtonLink
          to="/wineries/$winery/segments/new"
          params={{ winery }}
          leftSection={<PlusIcon aria-hidden />}
        >
          New segment
        </ButtonLink>
      }
    >
      {(all.length > 0 || isFiltered) && (
        <FilterBar clear={isFiltered ? () => change({ q: undefined, kind: undefined }) : undefined}>
          <SearchBox label="Name" value={q} change={(text) => change({ q: text })} />
          <SelectFilter
            label="Kind"
            all="All kinds"
            value={kind}
            choices={[
              { value: 'dynamic', label: 'Dynamic' },
              { value: 'static', label: 'Static' },
              { value: 'campaign', label: 'Audience of a campaign' },
            ]}
            change={(value) => change({ kind: value })}
          />
        </FilterBar>
      )}
      <DataTable
        name="Segments"
        list={list}
        rowKey={({ segmentId }) => segmentId}
        isWhole
        sort={{ value: sort, change: (by) => change({ sort: by }) }}
        columns={[
          {
            id: 'name',
            header: 'Name',
            sort: 'name',
            isTitle: true,
            cell: ({ segmentId, name }) => (
              <TextLink to="/wineries/$winery/segments/$segment" params={{ winery, segment: segmentId }}>
                {name}
              </TextLink>
            ),
          },
          { id: 'kind', header: 'Kind', cell: (row) => <Kind segment={row} /> },
          {
            id: 'size',
            header: 'Customers',
            align: 'right',
            sort: 'matching',
            cell: ({ matching }) => numberOrDash(matching),
          },
          {
            id: 'mail',
            header: 'May be mailed',
            align: 'right',
            sort: 'mayMail',
            cell: ({ mayMail }) => numberOrDash(mayMail),
          },
          {
            id: 'asOf',
            header: 'As of',
            sort: 'recordedAt',
            cell: ({ recordedAt }) => <When at={recordedAt} zone={timeZone} />,
          },
          {
            id: 'exported',
            header: 'Last exported',
            sort: 'lastExportedAt',
            cell: ({ lastExportedAt }) => <When at={lastExportedAt ?? null} zone={timeZone} />,
          },
        ]}
        empty={
          isFiltered ? (
            <EmptyState title="No segment is like this" next="Take a filter away, or search for less." />
          ) : (
            <EmptyState
              title="No segment is saved yet"
              next="Start from one of the ready-made ones below, or build your own."
            />
          )
        }
      />
      <ReadyMade
        all={segments.data?.readyMade ?? []}
        action={may('segments.write') ? 'Start from it' : 'Look at it'}
      />
    </Page>
  )
}

function Kind({ segment: { kind, campaignName, schedules } }: { segment: SavedSegment }) {
  return (
    <Group gap={6} component="span" display="inline-flex">
      {kind === 'static' ? 'Static' : 'Dynamic'}
      {campaignName !== null && <StatusBadge look="news">Campaign audience</StatusBadge>}
      {(schedules ?? 0) > 0 && <StatusBadge look="waits">Exported on a schedule</StatusBadge>}
    </Group>
  )
}

function ReadyMade(props: {
  all: { name: string; definition: Parameters<typeof definitionWords>[0] }[]
  action: string
}) {
  const { winery } = useWinery()
  const naming = useNaming()
  if (props.all.length === 0) return null
  return (
    <Section title="Ready-made" intro="Questions that wineries ask. Starting from one leaves it as it is.">
      <SimpleGrid
        component="ul"
        cols={{ base: 1, sm: 2 }}
        p={0}
        m={0}
        spacing="lg"
        style={{ listStyle: 'none' }}
      >
        {props.all.map(({ name, definition }) => (
          <li key={name}>
            <Text fw={600}>{name}</Text>
            <Text size="sm" c="dimmed" mb={6}>
              {definitionWords(definition, naming)}
            </Text>
            <ButtonLink
              size="xs"
              variant="default"
              to="/wineries/$winery/segments/new"
              params={{ winery }}
              search={{ start: name }}
              aria-label={`${props.action}: ${name}`}
            >
              {props.action}
            </ButtonLink>
          </li>
        ))}
      </SimpleGrid>
    </Section>
  )
}

function numberOrDash(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : numberText(value)
}
