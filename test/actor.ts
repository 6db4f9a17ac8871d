/** Who does what tests do. */

import type { Actor } from '../src/contract/access.ts'

export const actor: Actor = { kind: 'user', id: 'user-1', name: 'Robin Example' }
