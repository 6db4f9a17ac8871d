/** Who is signed in, and how a session begins and ends. */

import type { QueryClient } from '@tanstack/react-query'
import { meSchema } from '../contract/api/me.ts'
import { send, Trouble } from './ask.ts'
import { queryClient, reading } from './reading.ts'

export const meQuery = reading('/me', meSchema)

/** Sign-in and what belongs to it are better-auth's routes. @throws Trouble */
export async function auth<Answer = unknown>(path: string, body?: unknown): Promise<Answer> {
  const response = await send(body === undefined ? 'GET' : 'POST', `/api/auth${path}`, { body })
  return (await response.json()) as Answer
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
