/** The Tock Experiences List: what pulls have seen, mapped to eCELLAR's reservation types. */

import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { experienceSchema, ignoredExperience, mappedExperience } from '../../contract/api/mapping.ts'
import { ask, at } from '../ask.ts'
import { readingAll, useWriting } from '../reading.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import type { Mappable, MappingKind } from './mappable.ts'
import { MappingList } from './mapping-list.tsx'
import { mappingSearch } from './mapping-search.ts'

export function ExperiencesPage() {
  const { winery, may } = useWinery()
  const [{ brand }] = useUrlSearch(mappingSearch)
  const read = useQuery({
    ...readingAll(at`/wineries/${winery}/experiences`, experienceSchema, { brand }),
    placeholderData: keepPreviousData,
  })
  const list = { ...read, data: read.data && { items: read.data.items.map(mappable), nextCursor: null } }
  const ignoring = useWriting(async ({ rows, ignored }: { rows: Mappable[]; ignored: boolean }) => {
    for (const row of rows) {
      const path = at`/wineries/${winery}/brands/${row.brand}/experiences/${row.id ?? ''}/ignored`
      await ask('PUT', path, ignoredExperience, { body: { ignored } })
    }
  })
  return (
    <Page
      title="Tock Experiences List"
      intro={
        <>
          What guests book in Tock, and which reservation type of eCELLAR that is.{' '}
          <TextLink to="/wineries/$winery/how-to-map" params={{ winery }}>
            How to map
          </TextLink>
        </>
      }
    >
      <TroubleNotice error={ignoring.error} />
      <MappingList
        kind={experiences(winery)}
        name="Tock Experiences List"
        list={list}
        states={['unmapped', 'mapped', 'ignored']}
        reservationsOf={({ id }) => ({ experience: id ?? undefined })}
        more={(row) =>
          row.state !== 'mapped' && (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={row.state === 'ignored' ? `Put back ${row.name}` : `Ignore ${row.name}`}
              onClick={() => ignoring.mutate({ rows: [row], ignored: row.state !== 'ignored' })}
            >
              {row.state === 'ignored' ? 'Put back' : 'Ignore'}
            </Button>
          )
        }
        moreForMany={(rows, clear) => (
          <Button
            size="xs"
            variant="default"
            onClick={() => ignoring.mutate({ rows, ignored: true }, { onSuccess: clear })}
          >
            Ignore the chosen
          </Button>
        )}
        empty={
          <EmptyState
            title="No experience yet"
            next="Tock has no list of experiences: this one grows from what pulls bring. The initial pull fills it."
            action={
              may('pulls.read') && (
                <ButtonLink to="/wineries/$winery/initial-pull" params={{ winery }}>
                  To the initial pull
                </ButtonLink>
              )
            }
          />
        }
      />
    </Page>
  )
}

function mappable(row: z.output<typeof experienceSchema>): Mappable {
  return {
    ...row,
    id: row.experienceId,
    name: row.experienceId === 'walk-in' ? 'Walk-in' : (row.name ?? `Experience ${row.experienceId}`),
    own: row.reservationType,
    effective: row.reservationType,
    state: row.reservationType !== null ? 'mapped' : row.ignored ? 'ignored' : 'unmapped',
  }
}

function experiences(winery: string): MappingKind {
  const path = ({ brand, id }: Mappable) =>
    at`/wineries/${winery}/brands/${brand}/experiences/${id ?? ''}/mapping`
  return {
    list: 'reservation-types',
    target: 'reservation type',
    one: 'experience',
    many: 'experiences',
    map: (row, { name, ...given }) =>
      ask('PUT', path(row), mappedExperience, { body: { reservationType: name, ...given } }),
    unmap: (row, { dryRun }) => ask('DELETE', path(row), mappedExperience, { query: { dryRun } }),
  }
}
