/** Who did what when: searched, and as a file. */

import { Button, TextInput } from '@mantine/core'
import { DownloadIcon } from '@radix-ui/react-icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { recordedActionText } from '../../contract/action-words.ts'
import { auditSchema } from '../../contract/api/audit.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { at, queryText } from '../ask.ts'
import { reading } from '../reading.ts'
import { DataTable } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { FilterBar, SearchBox, SelectFilter } from '../shared/filter-bar.tsx'
import { Page } from '../shared/page.tsx'
import { When } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { auditSearch } from './audit-search.ts'

/** All actions that begin alike. */
const kinds = [
  { value: 'customers.', label: 'Customers' },
  { value: 'pulls.', label: 'Pulls' },
  { value: 'mapping.', label: 'Mapping' },
  { value: 'exceptions.', label: 'Exceptions' },
  { value: 'settings.', label: 'Settings' },
  { value: 'key.', label: 'Tock key' },
  { value: 'users.', label: 'Users' },
  { value: 'api-keys.', label: 'API keys' },
  { value: 'exports.', label: 'Exports' },
  { value: 'guests.', label: 'Seeing guests' },
  { value: 'sign-in', label: 'Sign-ins' },
]

export function AuditPage() {
  const { winery, timeZone } = useWinery()
  const [search, change] = useUrlSearch(auditSearch)
  const { q: actor, action, from, to, cursor } = search
  const filters = {
    actor,
    action,
    from: from && new Date(`${from}T00:00:00`).toISOString(),
    before: to && dayAfter(to),
  }
  const list = useQuery({
    ...reading(at`/wineries/${winery}/audit`, pageOf(auditSchema), { ...filters, cursor, limit: 50 }),
    placeholderData: keepPreviousData,
  })
  const isFiltered = Object.values(filters).some(Boolean)
  return (
    <Page
      title="Audit"
      intro="Who did what when. Nobody can change it; it has no guest in it."
      actions={
        <Button
          component="a"
          href={`/api/v1${at`/wineries/${winery}/audit.csv`}${queryText(filters)}`}
          download
          variant="default"
          leftSection={<DownloadIcon />}
        >
          Save as CSV
        </Button>
      }
    >
      <FilterBar
        clear={
          isFiltered
            ? () => change({ q: undefined, action: undefined, from: undefined, to: undefined })
            : undefined
        }
      >
        <SearchBox label="Who" value={actor} change={(q) => change({ q })} />
        <SelectFilter
          label="About"
          all="Everything"
          value={action}
          choices={kinds}
          change={(kind) => change({ action: kind })}
        />
        <TextInput
          type="date"
          label="From"
          value={from ?? ''}
          onChange={({ currentTarget: { value } }) => change({ from: value || undefined })}
        />
        <TextInput
          type="date"
          label="Until"
          value={to ?? ''}
          onChange={({ currentTarget: { value } }) => change({ to: value || undefined })}
        />
      </FilterBar>
      <DataTable
        name="Audit"
        list={list}
        rowKey={({ auditId }) => auditId}
        columns={[
          {
            id: 'when',
            header: 'When',
            isTitle: true,
            cell: ({ at: when }) => <When at={when} zone={timeZone} />,
          },
          {
            id: 'who',
            header: 'Who',
            cell: ({ actor: { name, kind } }) => (kind === 'user' ? name : `${name} (${kind})`),
          },
          { id: 'action', header: 'Did', cell: ({ action: did }) => recordedActionText(did) },
          { id: 'subject', header: 'To', cell: ({ subject }) => subject ?? '—' },
          { id: 'details', header: 'Details', cell: ({ details }) => detailText(details) },
        ]}
        empty={
          isFiltered ? (
            <EmptyState title="Nothing is like this" next="Take a filter away." />
          ) : (
            <EmptyState title="Nothing was done yet" next="Everything that somebody does is recorded here." />
          )
        }
      />
    </Page>
  )
}

function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00`)
  date.setDate(date.getDate() + 1)
  return date.toISOString()
}

/** Names and values in words, one after the other; what lies deeper is named with what it lies in. */
function detailText(details: Record<string, unknown>): string {
  const told = tell(details)
  return told.length === 0 ? '—' : told.join(' · ')
}

function tell(value: unknown, name = ''): string[] {
  if (value === null || value === undefined) return []
  const isList = Array.isArray(value)
  if (typeof value === 'object' && !isList) {
    return Object.entries(value).flatMap(([inner, what]) => tell(what, `${name} ${wordsOf(inner)}`.trim()))
  }
  const plain = isList && value.every((one) => typeof one !== 'object')
  const text = plain ? value.join(', ') : isList ? value.flatMap((one) => tell(one)).join('; ') : value
  return [`${name === '' ? '' : `${name}: `}${text === true ? 'yes' : text === false ? 'no' : text}`]
}

function wordsOf(name: string): string {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .replaceAll('_', ' ')
    .toLowerCase()
}
