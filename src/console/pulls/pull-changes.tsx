/** What a pull changed, field by field. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { pullChangeSchema } from '../../contract/api/pull.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { ChangedValue, fieldText } from '../shared/changed-value.tsx'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { FilterBar, SelectFilter } from '../shared/filter-bar.tsx'
import { TextLink } from '../shared/links.tsx'
import { Section } from '../shared/section.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { pullSearch } from './pull-search.ts'

const entities = [
  { value: 'reservation', label: 'Reservations' },
  { value: 'customer', label: 'Customers' },
] as const

export function PullChanges({ pullId }: { pullId: string }) {
  const { winery } = useWinery()
  const [{ entity, cursor }, change] = useUrlSearch(pullSearch)
  const path = at`/wineries/${winery}/pulls/${pullId}/changes`
  const list = useQuery({
    ...reading(path, pageOf(pullChangeSchema), { entity, cursor, limit: 50 }),
    placeholderData: keepPreviousData,
  })
  return (
    <Section
      title="Changes"
      intro="Of what was stored before, field by field. New reservations are not listed here."
    >
      <FilterBar>
        <SelectFilter
          label="Of"
          all="Both"
          value={entity}
          choices={entities}
          change={(value) => change({ entity: value })}
        />
      </FilterBar>
      <DataTable
        name="Changes"
        list={list}
        rowKey={({ changeId }) => changeId}
        columns={[
          {
            id: 'of',
            header: 'Of',
            isTitle: true,
            cell: ({ entity: of, tockKey, id }) =>
              of === 'customer' ? (
                `Customer ${id}`
              ) : tockKey === null ? (
                `Reservation ${id}`
              ) : (
                <TextLink
                  to="/wineries/$winery/reservations"
                  params={{ winery }}
                  search={{ q: tockKey.replace(/^[rw]:/, '') }}
                >
                  {tockKey.startsWith('w:') ? 'Walk-in' : 'Reservation'} {tockKey.slice(2)}
                </TextLink>
              ),
          },
          { id: 'field', header: 'Field', cell: ({ field }) => fieldText(field) },
          { id: 'before', header: 'Before', cell: (one) => <ChangedValue change={one} value={one.before} /> },
          { id: 'after', header: 'After', cell: (one) => <ChangedValue change={one} value={one.after} /> },
        ]}
        empty={
          <EmptyState
            title="Nothing was changed"
            next="What was stored before is as it was, or the time that changes are remembered is over."
          />
        }
      />
    </Section>
  )
}
