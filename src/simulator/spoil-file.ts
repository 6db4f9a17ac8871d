/** The faults that change what a file says. */

import type { Fault } from './faults.ts'
import { wireText } from './raw-row.ts'

/** Another business's id and name, for `wrong_business`. */
export const strangerBusinessId = '999999'

/** The file as this fault has it; the same buffer where the fault is of another kind. */
export function spoiledBody(fault: Fault, body: Buffer, businessId: string): Buffer {
  switch (fault.kind) {
    case 'empty_arrays':
      return Buffer.from('[]')
    case 'not_json':
      return Buffer.from('<!DOCTYPE html><html><body>Please sign in.</body></html>')
    case 'truncated':
      return body.subarray(0, Math.max(1, Math.floor(body.length * 0.6)))
    case 'wrong_business':
      return Buffer.from(
        body
          .toString()
          .replaceAll(`"business":{"id":${businessId},`, `"business":{"id":${strangerBusinessId},`),
      )
    case 'garbage_row': {
      const garbage = fault.row === undefined ? 42 : fault.row
      const rest = body.length > 2 ? ',' : ''
      return Buffer.concat([Buffer.from(`[${wireText(garbage)}${rest}`), body.subarray(1)])
    }
    default:
      return body
  }
}
