/** Home of Support: the wineries, and what is wrong where. */

import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouteContext, useSearch } from '@tanstack/react-router'
import type { z } from 'zod'
import { wineryStateSchema } from '../../contract/api/home.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { AddWineryDialog } from './add-winery-dialog.tsx'

type State = z.output<typeof wineryStateSchema>

export function WineriesPage() {
  const { me } = useRouteContext({ from: '/signed-in' })
  const { cursor } = useSearch({ strict: false }) as { cursor?: string }
  const [isAdding, adding] = useDisclosure()
  const list = useQuery({
    ...reading('/winery-states', pageOf(wineryStateSchema), { limit: 50, cursor }),
    placeholderData: keepPreviousData,
  })
  const mayAdd = me.actions.includes('wineries.add')
  const add = mayAdd && <Button onClick={adding.open}>Add a winery</Button>
  return (
    <Page title="Wineries" intro="How each of them stands, and what is wrong where." actions={add}>
      <DataTable
        name="Wineries"
        list={list}
        rowKey={({ winery }) => winery}
        columns={[
          {
            id: 'name',
            header: 'Winery',
            isTitle: true,
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
            cell: (row) => numberText(row.exceptions),
          },
          { id: 'unmapped', header: 'Unmapped', align: 'right', cell: (row) => numberText(row.unmapped) },
          {
            id: 'unreleased',
            header: 'Not released',
            align: 'right',
            cell: (row) => numberText(row.unreleased),
          },
        ]}
        empty={
          <EmptyState
            title="No winery yet"
            next={mayAdd ? 'Add the first one, then its brands.' : 'eCELLAR Support adds them.'}
            action={add}
          />
        }
      />
      {mayAdd && <AddWineryDialog opened={isAdding} close={adding.close} />}
    </Page>
  )
}

function StateOf({ state }: { state: State }) {
  if (state.alerts.length > 0) {
    return (
      <Stack gap={4} align="flex-start">
        <StatusBadge look="careful">Needs a look</StatusBadge>
        {state.alerts.map((alert) => (
          <Text size="sm" key={`${alert.brand} ${alert.code}`}>
            {alert.brand}: {alert.title}
          </Text>
        ))}
      </Stack>
    )
  }
  if (state.waitingPulls > 0) return <StatusBadge look="waits">Pull waits for approval</StatusBadge>
  if (state.enabledBrands < state.brands || state.brands === 0) {
    return <StatusBadge look="news">Being set up</StatusBadge>
  }
  return <StatusBadge look="good">All well</StatusBadge>
}
