/**
 * How long failing may take (rule 2): each request has a few tries, and all that fails within one pull shares one span
 * of time. What succeeds costs nothing of it.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { RequestFailure } from './request.ts'

export type Budget = {
  /** The tries of one request. `mayPass` says of which failures trying again is of use. */
  tries(mayPass: (failure: RequestFailure) => boolean, signal?: AbortSignal): Tries
}

export type Tries = {
  /**
   * Tries until it succeeds. `attempt` learns how long it may go without hearing anything.
   * @throws RequestFailure the last one, when no try or no time is left
   */
  run<T>(attempt: (idleMs: number) => Promise<T>): Promise<T>
  /**
   * Counts a failure that showed only afterwards, and waits for the next try.
   * @throws RequestFailure the same, when no try or no time is left
   */
  failed(failure: RequestFailure, tookMs: number): Promise<void>
}

export function makeBudget(retry: { tries: number; totalMs: number } | undefined): Budget {
  const { tries, totalMs } = retry ?? { tries: 4, totalMs: 20_000 }
  let spentMs = 0
  let spentUntil = 0

  /** Files are fetched at the same time: a second in which two of them fail is spent once. */
  function spend(tookMs: number): void {
    const nowMs = performance.now()
    spentMs += Math.min(tookMs, nowMs - spentUntil)
    spentUntil = nowMs
  }

  return {
    tries(mayPass, signal) {
      let failures = 0
      async function failed(failure: RequestFailure, tookMs: number): Promise<void> {
        spend(tookMs)
        failures += 1
        const waitMs = failure.retryAfterMs ?? backOffMs(failures, totalMs)
        if (failures >= tries || !mayPass(failure) || spentMs + waitMs >= totalMs) throw failure
        // An abort is told by the next attempt.
        await wait(waitMs, undefined, signal ? { signal } : {}).catch(() => {})
        spend(waitMs)
      }
      return {
        failed,
        async run(attempt) {
          for (;;) {
            const startedMs = performance.now()
            try {
              // A connection that hangs leaves time for another one.
              return await attempt(Math.min(totalMs - spentMs, totalMs / 2))
            } catch (error) {
              if (!(error instanceof RequestFailure)) throw error
              await failed(error, performance.now() - startedMs)
            }
          }
        },
      }
    },
  }
}

/** Doubles from try to try; the chance in it keeps many wineries from coming back at the same instant. */
function backOffMs(failures: number, totalMs: number): number {
  return (totalMs / 40) * 2 ** (failures - 1) * (1 + Math.random())
}
