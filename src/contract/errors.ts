/** The closed list of refusals. Each stands in reports, in `--json` and in the `reporting.pulls` view. */

import { z } from 'zod'

export const errorCodes = [
  'no_key',
  'key_refused',
  'tock_unavailable',
  'wrong_business',
  'incomplete_snapshot',
  'older_snapshot',
  'pull_running',
  'settings_missing',
  'initial_pull_first',
  'not_found',
  'invalid',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export const refusalSchema = z.object({
  code: z.enum(errorCodes),
  /** What happened, a sentence for a person; never holds a key, a signed link or a guest's data. */
  message: z.string(),
  /** What to do now. */
  nextStep: z.string(),
})

export type RefusalShape = z.infer<typeof refusalSchema>

/** Something that was asked for and cannot be done, for a reason from the closed list. Thrown, and told once at the edge. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly nextStep: string

  constructor(code: ErrorCode, message: string, nextStep: string) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.nextStep = nextStep
  }

  toShape(): RefusalShape {
    return { code: this.code, message: this.message, nextStep: this.nextStep }
  }
}
