/** What the addresses of the pages about pulls can hold. */

import { z } from 'zod'
import { exceptionStates } from '../../contract/exception-decisions.ts'
import { pullKinds, pullStatuses } from '../../contract/pull-report.ts'
import { exceptionCodes } from '../../contract/vocabulary.ts'
import { filter, filterOf, listSearch } from '../url-search.ts'

export const pullsSearch = listSearch({
  brand: filter,
  kind: filterOf(pullKinds),
  status: filterOf(pullStatuses),
})

/** Of one pull: its changes are a list of their own. */
export const pullSearch = listSearch({ entity: filterOf(['reservation', 'customer']) })

const day = z.iso.date().optional().catch(undefined)
export const compareSearch = z.object({ brand: filter, from: day, to: day })

/** `request`: the pull that was asked for, so that its progress is there again after a reload. */
export const initialPullSearch = z.object({ brand: filter, request: filter })

export const exceptionsSearch = listSearch({
  brand: filter,
  code: filterOf(exceptionCodes),
  state: filterOf(exceptionStates),
})
