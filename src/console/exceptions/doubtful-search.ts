/** What the address of the doubtful matches can hold; `match`: this one alone. */

import { doubtfulCodes } from '../../contract/exception-decisions.ts'
import { filter, filterOf, listSearch } from '../url-search.ts'

export const doubtfulSearch = listSearch({
  brand: filter,
  code: filterOf(doubtfulCodes),
  state: filterOf(['open', 'decided', 'all']),
  match: filter,
})
