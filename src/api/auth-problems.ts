/** What sign-in refuses, in better-auth's codes, as a problem of this API: the one place that knows both. */

import { notThere, ProblemAnswer } from './problems.ts'

export async function authProblem(answer: Response): Promise<ProblemAnswer> {
  const problem = refused[await codeOf(answer)]?.() ?? byStatus(answer.status)
  const seconds = Number(answer.headers.get('x-retry-after') ?? Number.NaN)
  if (problem.code === 'too_many_requests' && seconds > 0) problem.retryAfterSeconds = seconds
  return problem
}

async function codeOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null)
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
}

const refused: Record<string, () => ProblemAnswer> = {
  INVALID_EMAIL_OR_PASSWORD: () =>
    new ProblemAnswer('not_signed_in', 'Address or password is wrong.', 'Try again, or set a new password.'),
  INVALID_TWO_FACTOR_COOKIE: () =>
    new ProblemAnswer('not_signed_in', 'The sign-in took too long.', 'Begin again with your password.'),
  TOO_MANY_TRIES: () =>
    new ProblemAnswer(
      'too_many_requests',
      'Too many sign-ins with this address went wrong.',
      'Wait a quarter of an hour, or set a new password.',
    ),
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: tooManyCodes,
  ACCOUNT_TEMPORARILY_LOCKED: tooManyCodes,
  INVALID_CODE: () => invalid('This code is not right.', 'Take the newest one that the app shows.'),
  INVALID_BACKUP_CODE: () =>
    invalid('This backup code is not right, or it was used.', 'Each is good once. Take another one.'),
  INVALID_TOKEN: () =>
    invalid('This link is not good any more: it was used, or its hour is over.', 'Ask for a new one.'),
  INVALID_PASSWORD: () => invalid('The password is wrong.', 'Try again.'),
  PASSWORD_TOO_SHORT: () => invalid('The password is too short.', 'Take at least 12 characters.'),
  PASSWORD_TOO_LONG: () => invalid('The password is too long.', 'Take 128 characters at most.'),
}

function tooManyCodes(): ProblemAnswer {
  return new ProblemAnswer(
    'too_many_requests',
    'Too many wrong codes.',
    'Begin again with your password; after ten wrong codes, in a quarter of an hour.',
  )
}

function invalid(detail: string, nextStep: string): ProblemAnswer {
  return new ProblemAnswer('invalid', detail, nextStep)
}

function byStatus(status: number): ProblemAnswer {
  if (status === 401) {
    return new ProblemAnswer('not_signed_in', 'Nobody is signed in.', 'Sign in, then try again.')
  }
  if (status === 403) {
    return new ProblemAnswer(
      'not_allowed',
      'This request comes from another site, or says not where it comes from.',
      "Use the product's own pages (PUBLIC_URL); a program sends PUBLIC_URL as Origin.",
    )
  }
  if (status === 404) return notThere()
  if (status === 429) {
    return new ProblemAnswer(
      'too_many_requests',
      'Too many requests.',
      'Wait a minute, then ask more slowly.',
    )
  }
  if (status < 500) {
    return new ProblemAnswer(
      'invalid',
      'The request is not what this address takes.',
      'Check that its body is JSON, with the fields that docs/operating.md shows.',
      400,
    )
  }
  return new ProblemAnswer(
    'failed',
    'This did not work; it is in the log.',
    'Try again; if it stays, give eCELLAR Support the request id.',
  )
}
