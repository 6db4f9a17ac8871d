/** Tock's seating areas, mapped to eCELLAR's locations; a brand's default serves whatever has none of its own. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { locationSchema, mappedLocation } from '../../contract/api/mapping.ts'
import { ask, at } from '../ask.ts'
import { readingAll } from '../reading.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import type { Mappable, MappingKind } from './mappable.ts'
import { MappingList } from './mapping-list.tsx'
import { mappingSearch } from './mapping-search.ts'

export function LocationsPage() {
  const { winery } = useWinery()
  const [{ brand }] = useUrlSearch(mappingSearch)
  const read = useQuery({
    ...readingAll(at`/wineries/${winery}/locations`, locationSchema, { brand }),
    placeholderData: keepPreviousData,
  })
  const list = { ...read, data: read.data && { items: read.data.items.map(mappable), nextCursor: null } }
  return (
    <Page
      title="Locations"
      intro={
        <>
          Where guests sit in Tock, and which location of eCELLAR that is. With one location for everything,
          set the default alone.{' '}
          <TextLink to="/wineries/$winery/how-to-map" params={{ winery }} hash="locations">
            How to map
          </TextLink>
        </>
      }
    >
      <MappingList
        kind={locations(winery)}
        name="Locations"
        list={list}
        states={['unmapped', 'mapped']}
        reservationsOf={({ id }) => ({ seatingArea: id ?? 'none' })}
        empty={
          <EmptyState
            title="No brand yet"
            next="Support adds the winery's brands; then each has its default here."
          />
        }
      />
    </Page>
  )
}

function mappable(row: z.output<typeof locationSchema>): Mappable {
  return {
    ...row,
    id: row.seatingAreaId,
    name:
      row.seatingAreaId === null
        ? 'Everything without its own (default)'
        : (row.seatingArea ?? `Seating area ${row.seatingAreaId}`),
    own: row.ownLocation,
    effective: row.location,
    state: row.location === null ? 'unmapped' : 'mapped',
  }
}

function locations(winery: string): MappingKind {
  const path = ({ brand, id }: Mappable) =>
    id === null
      ? at`/wineries/${winery}/brands/${brand}/location`
      : at`/wineries/${winery}/brands/${brand}/seating-areas/${id}/location`
  return {
    list: 'locations',
    target: 'location',
    one: 'seating area',
    many: 'seating areas',
    map: (row, { name, create, dryRun }) =>
      ask('PUT', path(row), mappedLocation, { body: { location: name, create, dryRun } }),
    unmap: (row, { dryRun }) => ask('DELETE', path(row), mappedLocation, { query: { dryRun } }),
  }
}
