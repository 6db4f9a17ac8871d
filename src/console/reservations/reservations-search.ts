/** What the address of the reservations' list can say: the API's filters, by their names there. */

import { reservationStatuses } from '../../contract/vocabulary.ts'
import { filter, filterOf, listSearch } from '../url-search.ts'

const yesOrNo = ['true', 'false'] as const

export const reservationsSearch = listSearch({
  brand: filter,
  from: filter,
  to: filter,
  status: filterOf(reservationStatuses),
  experience: filter,
  reservationType: filter,
  location: filter,
  seatingArea: filter,
  customer: filter,
  visit: filterOf(yesOrNo),
  missing: filterOf(yesOrNo),
  firstSeenPull: filter,
  changedInPull: filter,
})

/** One day; left out: today, where the winery is. */
export const daySearch = listSearch({
  day: filter,
  brand: filter,
  status: filterOf(reservationStatuses),
  experience: filter,
  reservationType: filter,
  location: filter,
})
