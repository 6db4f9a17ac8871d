/** Whatever goes wrong becomes a problem response (RFC 9457): one place, one shape, nothing of a guest's in it. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { type Problem, type ProblemCode, problemSchema } from '../contract/api/problem.ts'
import { Refusal } from '../contract/errors.ts'

/** A request that is refused for what HTTP or access say, not for a rule of the product. */
export class ProblemAnswer extends Error {
  readonly code: ProblemCode
  readonly nextStep: string
  readonly status: number | undefined
  /** For `Retry-After`. */
  retryAfterSeconds: number | undefined

  constructor(code: ProblemCode, detail: string, nextStep: string, status?: number) {
    super(detail)
    this.name = 'ProblemAnswer'
    this.code = code
    this.nextStep = nextStep
    this.status = status
  }
}

/** The same for what is not there and for what is somebody else's: nobody learns which. */
export function notThere(): ProblemAnswer {
  return new ProblemAnswer(
    'not_found',
    'There is nothing at this address, or it is not yours to see.',
    'Check the address: the winery, the Brand Code, the id.',
  )
}

const kinds: Record<ProblemCode, { status: number; title: string }> = {
  no_key: { status: 409, title: 'No Tock API key is stored' },
  key_refused: { status: 422, title: 'Tock refuses the key' },
  tock_unavailable: { status: 502, title: 'Tock does not answer' },
  wrong_business: { status: 422, title: 'The snapshot is of another business' },
  incomplete_snapshot: { status: 422, title: 'The snapshot is not whole' },
  older_snapshot: { status: 422, title: 'The snapshot is older than the last one' },
  pull_running: { status: 409, title: 'A pull is running' },
  settings_missing: { status: 409, title: 'Web Store Settings are missing' },
  initial_pull_first: { status: 409, title: 'The initial pull comes first' },
  not_found: { status: 404, title: 'Not found' },
  invalid: { status: 422, title: 'Not valid' },
  not_signed_in: { status: 401, title: 'Not signed in' },
  not_allowed: { status: 403, title: 'Not allowed' },
  conflict: { status: 409, title: 'In conflict with another request' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  failed: { status: 500, title: 'Something went wrong' },
}

/** For the response schemas of every route. */
export const problemResponses = {
  '4xx': problemContent('The request is refused; `code` and `nextStep` say why and what to do'),
  '5xx': problemContent('The request failed; nothing half-done is left behind'),
}

function problemContent(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } }
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id)
  if (problem.status >= 500) request.log.error({ requestId: request.id, err: error }, 'request failed')
  // One that is stopped while its answer is streamed has no head to send any more.
  if (reply.raw.headersSent) {
    reply.raw.destroy()
    return reply
  }
  if (error instanceof ProblemAnswer && error.retryAfterSeconds !== undefined) {
    reply.header('retry-after', error.retryAfterSeconds)
  }
  return reply.code(problem.status).type('application/problem+json').send(problem)
}

function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof Refusal || error instanceof ProblemAnswer) {
    const status = error instanceof ProblemAnswer ? error.status : undefined
    return problem(error.code, error.message, error.nextStep, { requestId, status })
  }
  // Rolled back: whoever holds the lock goes on, and nothing of this was done.
  if (isLockTimeout(error)) {
    return problem(
      'pull_running',
      'A pull of this winery is being applied, or somebody else changes the same at this moment. Nothing was changed.',
      'Try again in a minute.',
      { requestId },
    )
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((one) => ({
      field: `${places[error.validationContext ?? ''] ?? 'request'}${one.instancePath.replaceAll('/', '.').replace(/\.$/, '')}`,
      message: wordsFor(one.keyword, one.params),
    }))
    const fields = [...new Set(errors.map((one) => one.field))].join(', ')
    return {
      ...problem(
        'invalid',
        `Not valid: ${fields}.`,
        'Correct these fields; docs/api.md and the OpenAPI document describe them.',
        {
          requestId,
          status: 400,
        },
      ),
      errors,
    }
  }
  const status = statusOf(error)
  if (status === 413) {
    return problem('invalid', 'The request is too large.', 'Send less at once.', { requestId, status })
  }
  if (status === 415) {
    return problem(
      'invalid',
      'The request is of a kind that this address does not take.',
      'Send JSON, with Content-Type: application/json.',
      { requestId, status },
    )
  }
  if (status >= 400 && status < 500) {
    return problem(
      'invalid',
      'The request cannot be read.',
      'Check that its body is JSON and its address is well formed.',
      { requestId, status },
    )
  }
  return problem(
    'failed',
    'Something went wrong here; it is in the log.',
    'Try again; if it stays, give eCELLAR Support the request id.',
    { requestId },
  )
}

function problem(
  code: ProblemCode,
  detail: string,
  nextStep: string,
  more: { requestId: string; status?: number | undefined },
): Problem {
  const { status, title } = kinds[code]
  return {
    type: `urn:ecellar-tock:problem:${code}`,
    title,
    status: more.status ?? status,
    code,
    detail,
    nextStep,
    requestId: more.requestId,
  }
}

const places: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** zod's own texts may quote what was sent; these never do. */
function wordsFor(issue: string, params: Record<string, unknown>): string {
  switch (issue) {
    case 'invalid_type':
      return `must be ${aWord(params.expected)}`
    case 'invalid_value':
      return Array.isArray(params.values)
        ? `must be one of: ${params.values.join(', ')}`
        : 'is not one of the values that are known'
    case 'too_small':
      return `is too small or too short: at least ${String(params.minimum)}`
    case 'too_big':
      return `is too large or too long: at most ${String(params.maximum)}`
    case 'unrecognized_keys':
      return 'has fields that are not known'
    case 'invalid_format':
      return `is not of the form that is wanted (${String(params.format)})`
    default:
      return 'is not valid'
  }
}

function aWord(expected: unknown): string {
  const word = String(expected)
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`
}

/** PostgreSQL's lock_not_available: it waited as long as requests may. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500
}
