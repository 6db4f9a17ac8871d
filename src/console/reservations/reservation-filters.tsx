/** The filters that the list and the day share: brand, status, experience, type, location. */

import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { experienceSchema } from '../../contract/api/mapping.ts'
import { listEntrySchema } from '../../contract/api/settings.ts'
import { reservationStatuses, walkInExperience } from '../../contract/vocabulary.ts'
import { at } from '../ask.ts'
import { readingAll } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { SelectFilter } from '../shared/filter-bar.tsx'
import { useWinery } from '../winery.tsx'
import type { daySearch } from './reservations-search.ts'

type Search = z.output<typeof daySearch>
type Filters = Pick<Search, 'brand' | 'status' | 'experience' | 'reservationType' | 'location'>

const unmapped = { value: 'unmapped', label: 'Not mapped' }

export function ReservationFilters({
  search,
  change,
}: {
  search: Filters
  change: (patch: Partial<Filters>) => void
}) {
  const { winery } = useWinery()
  const names = (list: string) => readingAll(at`/wineries/${winery}/lists/${list}`, listEntrySchema)
  const types = useQuery(names('reservation-types')).data?.items ?? []
  const locations = useQuery(names('locations')).data?.items ?? []
  const experiences =
    useQuery(readingAll(at`/wineries/${winery}/experiences`, experienceSchema, { brand: search.brand })).data
      ?.items ?? []
  return (
    <>
      <BrandFilter value={search.brand} change={(brand) => change({ brand, experience: undefined })} />
      <SelectFilter
        label="Status"
        all="All"
        value={search.status}
        choices={reservationStatuses.map((value) => ({ value, label: value }))}
        change={(status) => change({ status })}
      />
      <SelectFilter
        label="Experience"
        all="All"
        value={search.experience}
        choices={distinct(
          experiences.map(({ experienceId: value, name }) => ({
            value,
            label: value === walkInExperience ? 'Walk-in' : (name ?? value),
          })),
        )}
        change={(experience) => change({ experience })}
      />
      <SelectFilter
        label="Reservation type"
        all="All"
        value={search.reservationType}
        choices={[unmapped, ...types.map(({ name }) => ({ value: name, label: name }))]}
        change={(reservationType) => change({ reservationType })}
      />
      <SelectFilter
        label="Location"
        all="All"
        value={search.location}
        choices={[unmapped, ...locations.map(({ name }) => ({ value: name, label: name }))]}
        change={(location) => change({ location })}
      />
    </>
  )
}

/** Walk-ins are an experience of every brand. */
function distinct<Choice extends { value: string }>(choices: Choice[]): Choice[] {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()]
}
