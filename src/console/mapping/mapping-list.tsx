/** The list of both mapping pages: search, filters, choose one or many, map, take off. */

import { Button, Checkbox, Group, Paper, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { BrandFilter } from '../shared/brand-filter.tsx'
import type { PagedList } from '../shared/data-table.tsx'
import { type DataColumn, DataTable } from '../shared/data-table.tsx'
import { dayText } from '../shared/day-text.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { Figure, numberText } from '../shared/figure.tsx'
import { FilterBar, SearchBox, SelectFilter } from '../shared/filter-bar.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { DayOf } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { MapDialog, type Mapped } from './map-dialog.tsx'
import { forEach, keyOf, type Mappable, type MappingKind, searched } from './mappable.ts'
import { mappingSearch } from './mapping-search.ts'
import { UnmapDialog } from './unmap-dialog.tsx'

const stateWords = { unmapped: 'To do', mapped: 'Mapped', ignored: 'Ignored' } as const

export function MappingList(props: {
  kind: MappingKind
  name: string
  list: PagedList<Mappable>
  states: readonly (keyof typeof stateWords)[]
  /** Which reservations stand behind a row. */
  reservationsOf: (row: Mappable) => Record<string, string | undefined>
  /** Beside "Map", for a row. */
  more?: (row: Mappable) => ReactNode
  /** Beside "Map", for the chosen ones. */
  moreForMany?: (rows: Mappable[], clear: () => void) => ReactNode
  empty: ReactNode
}) {
  const { kind, list } = props
  const { winery, hasSeveralBrands, timeZone, may } = useWinery()
  const [search, change] = useUrlSearch(mappingSearch)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [mapping, setMapping] = useState<Mappable[] | null>(null)
  const [unmapping, setUnmapping] = useState<Mappable | null>(null)
  const mayMap = may('mapping.write')
  const all = list.data?.items ?? []
  const rows = searched(all, search)
  const chosenRows = rows.filter((row) => chosen.has(keyOf(row)))
  const clear = () => setChosen(new Set())
  const choose = (row: Mappable, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(keyOf(row))
    else next.delete(keyOf(row))
    setChosen(next)
  }
  const tell = ({ rows: mapped, name, effect }: Mapped) => {
    clear()
    const id = notifications.show({
      color: 'green',
      autoClose: 15_000,
      title: `${mapped.length === 1 ? mapped[0]?.name : `${numberText(mapped.length)} ${kind.many}`}: ${name}`,
      message: (
        <Group justify="space-between">
          <Text size="sm">{numberText(effect.reservations)} reservations have it now.</Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id)
              void undo(kind, mapped).then(() => list.refetch())
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    })
  }
  const columns: (DataColumn<Mappable> | false)[] = [
    mayMap && {
      id: 'choose',
      header: 'Choose',
      cell: (row) =>
        row.id === null ? null : (
          <Checkbox
            aria-label={`Choose ${row.name}${hasSeveralBrands ? ` of ${row.brand}` : ''}`}
            checked={chosen.has(keyOf(row))}
            onChange={({ currentTarget: { checked } }) => choose(row, checked)}
          />
        ),
    },
    {
      id: 'name',
      header: `Tock ${kind.one}`,
      isTitle: true,
      sort: 'name',
      cell: (row) => (
        <>
          {row.name}
          {row.id !== null && (
            <Text size="xs" c="dimmed" fw={400}>
              {row.id === 'walk-in' ? 'Came without a booking' : `Tock's number ${row.id}`}
            </Text>
          )}
        </>
      ),
    },
    hasSeveralBrands && { id: 'brand', header: 'Brand', cell: ({ brand }) => brand },
    {
      id: 'reservations',
      header: 'Reservations',
      align: 'right',
      sort: 'reservations',
      cell: (row) => (
        <Figure
          value={row.reservations}
          what={`reservations of ${row.name}`}
          to="/wineries/$winery/reservations"
          params={{ winery }}
          search={{ brand: row.brand, ...props.reservationsOf(row) }}
        />
      ),
    },
    {
      id: 'seen',
      header: 'Seen in Tock',
      sort: 'lastReservationOn',
      cell: (row) => (
        <Text span size="sm">
          {row.firstSeenAt === null ? null : (
            <>
              first seen <DayOf at={row.firstSeenAt} zone={timeZone} />
              <br />
            </>
          )}
          {row.lastSeenAt === null ? null : (
            <>
              last seen <DayOf at={row.lastSeenAt} zone={timeZone} />
              <br />
            </>
          )}
          {row.lastReservationOn !== null && `booked until ${dayText(row.lastReservationOn)}`}
        </Text>
      ),
    },
    {
      id: 'own',
      header: capital(kind.target),
      sort: 'own',
      cell: (row) => (
        <Group gap="xs" wrap="wrap">
          {row.own !== null && <StatusBadge look="good">{row.own}</StatusBadge>}
          {row.own === null && row.effective !== null && (
            <Text span size="sm">
              {row.effective}{' '}
              <Text span c="dimmed">
                ({hasSeveralBrands ? "the brand's default" : 'the default'})
              </Text>
            </Text>
          )}
          {row.own === null && row.effective === null && (
            <StatusBadge look={row.state === 'ignored' ? 'plain' : 'waits'}>
              {row.state === 'ignored' ? 'Ignored' : 'Not mapped'}
            </StatusBadge>
          )}
          {mayMap && row.own === null && row.state === 'unmapped' && row.suggestions[0] !== undefined && (
            <Text span size="xs" c="dimmed">
              similar: {row.suggestions[0]}
            </Text>
          )}
        </Group>
      ),
    },
    mayMap && {
      id: 'do',
      header: 'What you can do',
      hidesLabel: true,
      cell: (row) => (
        <Group gap={6} wrap="wrap">
          <Button
            size="compact-sm"
            variant={row.state === 'unmapped' ? 'filled' : 'default'}
            aria-label={`${row.own === null ? 'Map' : 'Change'} ${row.name}`}
            onClick={() => setMapping([row])}
          >
            {row.own === null ? 'Map' : 'Change'}
          </Button>
          {row.own !== null && (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`Take off the ${kind.target} of ${row.name}`}
              onClick={() => setUnmapping(row)}
            >
              Take off
            </Button>
          )}
          {props.more?.(row)}
        </Group>
      ),
    },
  ]
  const isFiltered = [search.q, search.state, search.brand].some((value) => value !== undefined)
  const choosable = rows.filter((row) => row.id !== null)
  return (
    <>
      <FilterBar
        clear={isFiltered ? () => change({ q: undefined, state: undefined, brand: undefined }) : undefined}
      >
        <SearchBox label="Search" value={search.q} change={(q) => change({ q })} />
        <SelectFilter
          label="State"
          all="All"
          value={search.state}
          choices={props.states.map((value) => ({
            value,
            label: `${stateWords[value]} (${numberText(all.filter(({ state }) => state === value).length)})`,
          }))}
          change={(state) => change({ state })}
        />
        <BrandFilter value={search.brand} change={(brand) => change({ brand })} />
      </FilterBar>
      {mayMap && choosable.length > 1 && (
        <Paper withBorder p="sm">
          <Group justify="space-between" gap="sm">
            <Checkbox
              label={
                chosenRows.length === 0
                  ? `Choose all ${numberText(choosable.length)} to map them together`
                  : `${numberText(chosenRows.length)} chosen`
              }
              checked={chosenRows.length > 0 && chosenRows.length === choosable.length}
              indeterminate={chosenRows.length > 0 && chosenRows.length < choosable.length}
              onChange={({ currentTarget: { checked } }) =>
                setChosen(new Set(checked ? choosable.map(keyOf) : []))
              }
            />
            {chosenRows.length > 0 && (
              <Group gap="xs">
                <Button size="xs" onClick={() => setMapping(chosenRows)}>
                  Map the chosen
                </Button>
                {props.moreForMany?.(chosenRows, clear)}
              </Group>
            )}
          </Group>
        </Paper>
      )}
      <DataTable
        name={props.name}
        list={{ ...list, data: list.data && { items: rows, nextCursor: null } }}
        columns={columns}
        rowKey={keyOf}
        sort={{ value: search.sort, change: (sort) => change({ sort }) }}
        isWhole
        empty={isFiltered ? <EmptyState title="Nothing matches" next="Take a filter away." /> : props.empty}
      />
      {mapping && <MapDialog kind={kind} rows={mapping} close={() => setMapping(null)} done={tell} />}
      {unmapping && (
        <UnmapDialog
          kind={kind}
          row={unmapping}
          close={() => setUnmapping(null)}
          done={(row) => notifications.show({ message: `${row.name} has no ${kind.target} of its own now.` })}
        />
      )}
    </>
  )
}

/** Back to what each had before. */
async function undo(kind: MappingKind, rows: Mappable[]): Promise<void> {
  await forEach(rows, (row) =>
    row.own === null
      ? kind.unmap(row, { dryRun: false })
      : kind.map(row, { name: row.own, create: false, dryRun: false }),
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
