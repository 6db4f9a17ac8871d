/** What the addresses of both mapping pages can hold. */

import { mappingStates } from '../../contract/api/mapping.ts'
import { filter, filterOf, listSearch } from '../url-search.ts'

export const mappingSearch = listSearch({ brand: filter, state: filterOf(mappingStates) })
