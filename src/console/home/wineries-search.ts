/** What the address of the list of wineries can say. */

import { wineryOverallStates } from '../../contract/api/home.ts'
import { filterOf, listSearch } from '../url-search.ts'

export const wineriesSearch = listSearch({ state: filterOf(wineryOverallStates) })
