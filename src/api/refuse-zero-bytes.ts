/** U+0000 is text that no column of the database takes: refused at the door, or each statement would fail over it. */

import type { Api } from './parts.ts'
import { ProblemAnswer } from './problems.ts'

export function addZeroByteRefusal(api: Api): void {
  // Before the winery and the brand of the address are looked up.
  api.addHook('onRequest', async ({ url }) => {
    if (url.includes('%00')) throw refusal()
  })
  api.addHook('preValidation', async ({ body }) => {
    if (holdsZero(body)) throw refusal()
  })
}

function holdsZero(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  // Files are looked through by whoever reads them.
  if (typeof value !== 'object' || value === null || 'bytes' in value || Buffer.isBuffer(value)) return false
  return Object.entries(value).some(([name, one]) => name.includes('\0') || holdsZero(one))
}

function refusal(): ProblemAnswer {
  return new ProblemAnswer('invalid', 'The request holds a zero byte (U+0000).', 'Send text without it.', 400)
}
