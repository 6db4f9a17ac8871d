/** What the address of the customers' list can say: the API's filters, by their names there. */

import { emailConsents } from '../../contract/vocabulary.ts'
import { filter, filterOf, listSearch } from '../url-search.ts'

export const yesOrNo = ['true', 'false'] as const
export const origins = ['tock', 'import', 'staff'] as const

export const customersSearch = listSearch({
  released: filterOf(yesOrNo),
  createdBy: filterOf(origins),
  consent: filterOf(emailConsents),
  mayMail: filterOf(yesOrNo),
  active: filterOf(yesOrNo),
  brand: filter,
  createdInPull: filter,
  createdInImport: filter,
  createdFrom: filter,
  createdTo: filter,
  releasedFrom: filter,
  releasedTo: filter,
})
