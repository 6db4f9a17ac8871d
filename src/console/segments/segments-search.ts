/** What the address of the segments' list can say. */

import { filterOf, listSearch } from '../url-search.ts'

export const segmentsSearch = listSearch({ kind: filterOf(['dynamic', 'static', 'campaign']) })
