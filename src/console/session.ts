/** Who is signed in, and how a session begins and ends. */

import type { QueryClient } from '@tanstack/react-query'
import { meSchema } from '../contract/api/me.ts'
import { send, Trouble } from './ask.ts'
import { queryClient, reading } from './reading.ts'

export const meQuery = reading('/me', meSchema)

/** Sign-in and what belongs to it are better-auth's routes. @throws Trouble */
export async function auth<Answer = unknown>(path: string, body?: unknown): Promise<Answer> {
  try {
    const response = await send(body === undefined ? 'GET' : 'POST', `/api/auth${path}`, { body })
    return (await response.json()) as Answer
  } catch (error) {
    throw error instanceof Trouble ? inWords(error) : error
  }
}

export async function signOut(): Promise<void> {
  await auth('/sign-out', {})
  // Nothing of the one stays for the other who signs in here next.
  queryClient.clear()
}

/** When any answer says that nobody is signed in (any more), the page gives way to the sign-in. */
export function leaveWhenSignedOut(client: QueryClient, leave: () => void): void {
  const isOver = (error: unknown) => error instanceof Trouble && error.code === 'not_signed_in'
  const notice = (error: unknown) => {
    if (isOver(error)) leave()
  }
  client.getQueryCache().config.onError = (error, query) => {
    // Who asks who he is finds out there.
    if (query.queryKey[1] !== '/me') notice(error)
  }
  client.getMutationCache().config.onError = notice
}

const words: Record<string, { message: string; nextStep: string }> = {
  INVALID_EMAIL_OR_PASSWORD: {
    message: 'Address or password is wrong.',
    nextStep: 'Try again, or set a new password.',
  },
  TOO_MANY_TRIES: {
    message: 'Too many sign-ins with this address went wrong.',
    nextStep: 'Wait a quarter of an hour, or set a new password.',
  },
  INVALID_CODE: { message: 'This code is not right.', nextStep: 'Take the newest one that the app shows.' },
  INVALID_BACKUP_CODE: {
    message: 'This backup code is not right, or it was used.',
    nextStep: 'Each is good once. Take another one.',
  },
  INVALID_TWO_FACTOR_COOKIE: {
    message: 'The sign-in took too long.',
    nextStep: 'Begin again with your password.',
  },
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: {
    message: 'Too many wrong codes.',
    nextStep: 'Begin again with your password; after ten wrong codes, in a quarter of an hour.',
  },
  INVALID_TOKEN: {
    message: 'This link is not good any more: it was used, or its hour is over.',
    nextStep: 'Ask for a new one.',
  },
  INVALID_PASSWORD: { message: 'The password is wrong.', nextStep: 'Try again.' },
  PASSWORD_TOO_SHORT: { message: 'The password is too short.', nextStep: 'Take at least 12 characters.' },
  PASSWORD_TOO_LONG: { message: 'The password is too long.', nextStep: 'Take 128 characters at most.' },
}

function inWords(trouble: Trouble): Trouble {
  const known = words[trouble.code]
  return known ? new Trouble({ code: trouble.code, ...known }) : trouble
}
