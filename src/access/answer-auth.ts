/**
 * The way to better-auth over HTTP. Only what is listed here gets through: its other routes would make users, keys and
 * changes past our rules. What happens is recorded.
 */

import type { Db } from '../database/connect.ts'
import type { Log } from '../log.ts'
import { type AuthEvent, recordAuthEvent } from './auth-events.ts'
import { type Auth, clientAddressHeader, cookiePrefix } from './make-auth.ts'
import { claimTry, forgetTries } from './tries.ts'

type Path = { method: 'GET' | 'POST'; event?: (answer: Answer) => AuthEvent | null }
type Answer = {
  ok: boolean
  /** Who was signed in before. */
  userId: string | null
  hadTwoFactor: boolean
  body: { user?: { id?: string }; twoFactorRedirect?: boolean } | null
  /** Whose second factor is asked for. */
  secondFactorOf: string | null
}

const paths: Record<string, Path> = {
  '/sign-in/email': {
    method: 'POST',
    event: ({ body }) => signedIn(body?.twoFactorRedirect ? undefined : body?.user?.id, 'password'),
  },
  '/sign-out': { method: 'POST', event: done('sign-out') },
  '/get-session': { method: 'GET' },
  '/revoke-sessions': { method: 'POST', event: done('sign-out', { sessions: 'all' }) },
  '/revoke-other-sessions': { method: 'POST', event: done('sign-out', { sessions: 'others' }) },
  // Asking for a reset and doing it are recorded where better-auth tells whose it is (`open-access.ts`).
  '/request-password-reset': { method: 'POST' },
  '/reset-password': { method: 'POST' },
  '/change-password': { method: 'POST', event: done('password.change') },
  '/two-factor/enable': { method: 'POST' },
  '/two-factor/disable': { method: 'POST', event: done('two-factor.off') },
  '/two-factor/generate-backup-codes': { method: 'POST', event: done('two-factor.backup-codes') },
  '/two-factor/verify-totp': { method: 'POST', event: secondFactor('authenticator') },
  '/two-factor/verify-backup-code': { method: 'POST', event: secondFactor('backup code') },
}
const base = '/api/auth'

export function openAuthHandler(parts: { db: Db; auth: Auth; log: Log; now(): Date }) {
  const { db, auth, log, now } = parts
  return async (request: Request, client: { ip: string }): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const name = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : ''
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined
    if (path?.method !== request.method) return refused(404, 'NOT_FOUND')
    const text = request.method === 'GET' ? undefined : await request.text()
    const address = addressIn(text)
    if (name === '/sign-in/email' && address !== null) {
      const claim = await claimTry(db, 'sign-in', address, now())
      if (claim === 'just locked') await recordAuthEvent(db, { action: 'sign-in.locked', address })
      if (claim !== 'allowed') return refused(429, 'TOO_MANY_TRIES')
    }
    if (name === '/request-password-reset' && address !== null) {
      const claim = await claimTry(db, 'password-reset', address, now())
      // The same answer as ever: it must not tell whether there is such a user.
      if (claim !== 'allowed') return Response.json({ status: true })
    }
    const before = path.event ? await lookBefore(auth, request, name) : nobody
    const response = await auth.handler(passedOn(request, text, client.ip)).catch((error: unknown) => {
      log.error({ err: error, path: name }, 'Sign-in has a fault')
      return refused(500, 'FAILED')
    })
    const answer: Answer = { ...before, ok: response.ok, body: await bodyOf(response) }
    if (name === '/sign-in/email' && address !== null) {
      if (response.ok) await forgetTries(db, 'sign-in', address)
      else if (response.status === 401) await recordAuthEvent(db, { action: 'sign-in.failed', address })
    }
    const event = path.event?.(answer) ?? null
    if (event) await recordAuthEvent(db, event, now())
    return response.ok ? withoutTokens(response) : response
  }
}

function done(action: string, details?: Record<string, unknown>) {
  return ({ ok, userId }: Answer): AuthEvent | null =>
    ok && userId !== null ? { action, userId, ...(details ? { details } : {}) } : null
}

function signedIn(userId: string | undefined, by: string): AuthEvent | null {
  return userId === undefined ? null : { action: 'sign-in', userId, details: { by } }
}

/** Whoever is signed in sets it up; whoever is not, signs in with it. */
function secondFactor(by: string) {
  return (answer: Answer): AuthEvent | null => {
    if (answer.userId !== null) {
      return answer.ok && !answer.hadTwoFactor ? { action: 'two-factor.on', userId: answer.userId } : null
    }
    if (answer.ok) return signedIn(answer.body?.user?.id, by)
    return answer.secondFactorOf === null
      ? null
      : { action: 'sign-in.failed', subjectId: answer.secondFactorOf, details: { by } }
  }
}

const nobody = { userId: null, hadTwoFactor: false, secondFactorOf: null }

/** What the answer will not tell any more: a sign-out has ended the session by then. */
async function lookBefore(
  auth: Auth,
  { headers }: Request,
  name: string,
): Promise<Pick<Answer, 'userId' | 'hadTwoFactor' | 'secondFactorOf'>> {
  const session = await auth.api.getSession({ headers, query: { disableRefresh: true } })
  if (session) {
    return { ...nobody, userId: session.user.id, hadTwoFactor: session.user.twoFactorEnabled === true }
  }
  return name.startsWith('/two-factor/')
    ? { ...nobody, secondFactorOf: await findSecondFactor(auth, headers) }
    : nobody
}

async function findSecondFactor(auth: Auth, headers: Headers): Promise<string | null> {
  const pattern = new RegExp(`(?:^|; *)(?:__Secure-)?${cookiePrefix}\\.two_factor=([^;]+)`)
  const [, cookie] = pattern.exec(headers.get('cookie') ?? '') ?? []
  if (cookie === undefined) return null
  // Its signature is better-auth's business; here only the name of who failed is wanted.
  const [identifier = ''] = decodeURIComponent(cookie).split('.')
  const context = await auth.$context
  return (await context.internalAdapter.findVerificationValue(identifier))?.value ?? null
}

function passedOn(request: Request, text: string | undefined, ip: string): Request {
  const headers = new Headers(request.headers)
  headers.set(clientAddressHeader, ip)
  return new Request(request.url, {
    method: request.method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  })
}

async function bodyOf(response: Response): Promise<Answer['body']> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return typeof body === 'object' ? (body as Answer['body']) : null
}

function addressIn(text: string | undefined): string | null {
  try {
    const body: unknown = JSON.parse(text ?? '')
    return typeof body === 'object' && body !== null && 'email' in body && typeof body.email === 'string'
      ? body.email
      : null
  } catch {
    return null
  }
}

/** The session's token is the cookie's alone: no script of a page is to see it. */
async function withoutTokens(response: Response): Promise<Response> {
  const body: unknown = JSON.parse(await response.text(), (name, value) =>
    name === 'token' ? undefined : value,
  )
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return Response.json(body, { status: response.status, headers })
}

/** In better-auth's own form; what it means for a person is said where it is answered. */
function refused(status: number, code: string): Response {
  return Response.json({ code }, { status })
}
