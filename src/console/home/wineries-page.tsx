/** Home of Support: the wineries, and what is wrong where. */

import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import type { z } from 'zod'
import type { Action } from '../../contract/access.ts'
import { wineryOverallStates, wineryStateSchema } from '../../contract/api/home.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { Figure, numberText } from '../shared/figure.tsx'
import { FilterBar, SearchBox, SelectFilter } from '../shared/filter-bar.tsx'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { AddWineryDialog } from './add-winery-dialog.tsx'
import { wineriesSearch } from './wineries-search.ts'

type State = z.output<typeof wineryStateSchema>

export function WineriesPage() {
  const { me } = useRouteContext({ from: '/signed-in' })
  const [search, change] = useUrlSearch(wineriesSearch)
  const { q, state, sort, cursor } = search
  const [isAdding, adding] = useDisclosure()
  const list = useQuery({
    ...reading('/winery-states', pageOf(wineryStateSchema), { q, state, sort, limit: 50, cursor }),
    placeholderData: keepPreviousData,
  })
  const isFiltered = q !== undefined || state !== undefined
  const may = (action: Action) => me.actions.includes(action)
  const mayAdd = may('wineries.add')
  const add = mayAdd && <Button onClick={adding.open}>Add a winery</Button>
  return (
    <Page title="Wineries" intro="How each of them stands, and what is wrong where." actions={add}>
      <FilterBar clear={isFiltered ? () => change({ q: undefined, state: undefined }) : undefined}>
        <SearchBox label="Winery" value={q} change={(value) => change({ q: value })} />
        <SelectFilter
          label="State"
          all="All"
          value={state}
          choices={wineryOverallStates.map((value) => ({ value, label: stateWords[value].text }))}
          change={(value) => change({ state: value })}
        />
      </FilterBar>
      <DataTable
        name="Wineries"
        list={list}
        sort={{ value: sort ?? 'name', change: (by) => change({ sort: by }) }}
        rowKey={({ winery }) => winery}
        columns={[
          {
            id: 'name',
            header: 'Winery',
            isTitle: true,
            sort: 'name',
            cell: ({ winery, name }) => (
              <TextLink to="/wineries/$winery" params={{ winery }}>
                {name}
              </TextLink>
            ),
          },
          { id: 'state', header: 'State', cell: (state) => <StateOf state={state} /> },
          {
            id: 'lastGoodPull',
            header: 'Last good pull',
            sort: 'lastGoodPullAt',
            cell: ({ lastGoodPullAt }) => <When at={lastGoodPullAt} />,
          },
          {
            id: 'brands',
            header: 'Brands enabled',
            align: 'right',
            cell: ({ brands, enabledBrands }) => `${numberText(enabledBrands)} of ${numberText(brands)}`,
          },
          {
            id: 'exceptions',
            header: 'Exceptions',
            align: 'right',
            cell: ({ winery, exceptions }) => (
              <Figure
                value={exceptions}
                what="exceptions"
                {...(may('exceptions.read')
                  ? { to: '/wineries/$winery/exceptions', params: { winery } }
                  : {})}
              />
            ),
          },
          {
            id: 'unmapped',
            header: 'Unmapped',
            align: 'right',
            cell: ({ winery, unmapped }) => (
              <Figure
                value={unmapped}
                what="unmapped experiences and locations"
                {...(may('mapping.read') ? { to: '/wineries/$winery', params: { winery } } : {})}
              />
            ),
          },
          {
            id: 'unreleased',
            header: 'Not released',
            align: 'right',
            cell: ({ winery, unreleased }) => (
              <Figure
                value={unreleased}
                what="customers not released"
                {...(may('customers.read')
                  ? { to: '/wineries/$winery/customers', params: { winery }, search: { released: 'false' } }
                  : {})}
              />
            ),
          },
        ]}
        empty={
          isFiltered ? (
            <EmptyState title="No winery like this" next="Take a filter away." />
          ) : (
            <EmptyState
              title="No winery yet"
              next={mayAdd ? 'Add the first one, then its brands.' : 'eCELLAR Support adds them.'}
              action={add}
            />
          )
        }
      />
      {mayAdd && <AddWineryDialog opened={isAdding} close={adding.close} />}
    </Page>
  )
}

const stateWords = {
  attention: { look: 'careful', text: 'Needs a look' },
  waiting: { look: 'waits', text: 'Pull waits for approval' },
  'set-up': { look: 'news', text: 'Being set up' },
  well: { look: 'good', text: 'All well' },
} as const

function StateOf({ state: { state, alerts } }: { state: State }) {
  const { look, text } = stateWords[state]
  return (
    <Stack gap={4} align="flex-start">
      <StatusBadge look={look}>{text}</StatusBadge>
      {alerts.map((alert) => (
        <Text size="sm" key={`${alert.brand} ${alert.code}`}>
          {alert.brand}: {alert.title}
        </Text>
      ))}
    </Stack>
  )
}
