/** Follows a request until it is over, from whichever process runs it. */

import type { PullProgress } from '../contract/pull-request.ts'
import type { Queue } from './queue.ts'
import { readPullRequest } from './read-pull-request.ts'

// What is told while a connection is away is lost, so the table is looked at in between.
const lookMs = 5_000

/**
 * Tells the state at once, then each change; ends after `done`, `failed` or `dropped` was told, or with the signal.
 * @throws Refusal not_found
 */
export async function* watchPull(
  queue: Queue,
  requestId: string,
  signal: AbortSignal,
): AsyncGenerator<PullProgress, void> {
  const heard: PullProgress[] = []
  let wake = () => {}
  const unsubscribe = queue.notices.subscribe(requestId, (progress) => {
    heard.push(progress)
    wake()
  })
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    let last: PullProgress = { requestId, state: 'queued', filesDone: 0, files: 0, rows: 0, bytes: 0 }
    let told: string | undefined
    while (!signal.aborted) {
      // The table decides what state it is in: a notice of an earlier attempt may come late.
      const { state } = await readPullRequest(queue, requestId)
      const newest = heard.splice(0).at(-1)
      last = { ...(newest ?? last), state }
      const text = JSON.stringify(last)
      if (text !== told) yield last
      told = text
      if (state === 'done' || state === 'failed' || state === 'dropped') return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        if (heard.length > 0 || signal.aborted) wake()
      })
    }
  } finally {
    unsubscribe()
  }
}
