/** What the address of the audit can say: part of a name, what it is about, days. */

import { filter, listSearch } from '../url-search.ts'

export const auditSearch = listSearch({ action: filter, from: filter, to: filter })
