/** Home of Support: the wineries, and what is wrong where. */

import { useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { winerySchema } from '../../contract/api/winery.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'

export function WineriesPage() {
  const list = useQuery(reading('/wineries', pageOf(winerySchema), { limit: 200 }))
  return (
    <Page title="Wineries">
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
          { id: 'brands', header: 'Brands', align: 'right', cell: ({ brands }) => brands },
        ]}
        empty={<EmptyState title="No winery yet" next="Add the first one." />}
      />
    </Page>
  )
}
