/** Which lists of customers left, when, and who took them. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { pastExportSchema } from '../../contract/api/past-export.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { Page } from '../shared/page.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { listSearch, useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'

export function ExportsPage() {
  const { winery, timeZone } = useWinery()
  const [{ cursor }] = useUrlSearch(listSearch({}))
  const list = useQuery({
    ...reading(at`/wineries/${winery}/exports`, pageOf(pastExportSchema), { cursor, limit: 50 }),
    placeholderData: keepPreviousData,
  })
  return (
    <Page
      title="Exports"
      intro="Lists of customers that left, by hand or on a schedule. The receipt of an erasure names those that carried the person."
    >
      <DataTable
        name="Exports"
        list={list}
        rowKey={({ exportId }) => exportId}
        columns={[
          { id: 'name', header: 'What', isTitle: true, cell: ({ name }) => name },
          { id: 'when', header: 'Made', cell: ({ madeAt }) => <When at={madeAt} zone={timeZone} /> },
          { id: 'by', header: 'By', cell: ({ madeBy }) => madeBy },
          {
            id: 'customers',
            header: 'Customers',
            align: 'right',
            cell: ({ customers }) => numberText(customers),
          },
          { id: 'format', header: 'Format', cell: ({ format }) => format?.toUpperCase() ?? '—' },
          {
            id: 'mailing',
            header: 'For',
            cell: ({ notForMailing, reason }) =>
              notForMailing ? (
                <>
                  <StatusBadge look="careful">Not for mailing</StatusBadge> {reason}
                </>
              ) : (
                'Mailing'
              ),
          },
        ]}
        empty={
          <EmptyState title="Nothing was exported yet" next="Each export of a segment is listed here." />
        }
      />
    </Page>
  )
}
