/** What every refused or failed request answers with (RFC 9457, `application/problem+json`). */

import { z } from 'zod'
import { errorCodes } from '../errors.ts'

/** The refusals of the whole product, and what HTTP adds to them. */
export const problemCodes = [
  ...errorCodes,
  'not_signed_in',
  'not_allowed',
  'conflict',
  'too_many_requests',
  'failed',
] as const
export type ProblemCode = (typeof problemCodes)[number]

export const problemSchema = z
  .object({
    type: z.string().describe('`urn:ecellar-tock:problem:` and the code'),
    title: z.string().describe('The kind of problem, the same for every one of its code'),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string().describe('What happened, a sentence for a person'),
    nextStep: z.string().describe('What to do now'),
    requestId: z.string().describe('Names this request in the log; give it to eCELLAR Support'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('For `invalid`: the fields that are wrong, never their values'),
  })
  .meta({ id: 'Problem', description: 'A refused or failed request (RFC 9457)' })

export type Problem = z.infer<typeof problemSchema>
