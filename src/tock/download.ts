/** One file on its way, with its tries. */

import type { Budget } from './budget.ts'
import { type FetchedFile, fetchFile, LinkRefused } from './fetch-file.ts'
import type { ListedFile } from './list-snapshot.ts'
import { ListAgain } from './listings.ts'
import { incompleteSnapshot } from './refusals.ts'
import { RequestFailure } from './request.ts'

export type Download = {
  file: ListedFile
  /**
   * What was fetched; asked again after `unreadable`, it is fetched again.
   * @throws ListAgain when the link is refused · Refusal when no try or no time is left
   */
  fetched(): Promise<FetchedFile>
  /** What was fetched proved to be no file of Tock's. @throws Refusal when no try or no time is left */
  unreadable(): Promise<void>
}

/** Begins at once. */
export function startDownload(options: {
  file: ListedFile
  knownEtag: string | null
  budget: Budget
  signal?: AbortSignal | undefined
}): Download {
  const { file, knownEtag, budget, signal } = options
  const tries = budget.tries((failure) => !(failure instanceof LinkRefused), signal)
  let tookMs = 0

  async function attempt(idleMs: number): Promise<FetchedFile> {
    const startedMs = performance.now()
    const fetched = await fetchFile(file, knownEtag, { idleMs, signal })
    tookMs = performance.now() - startedMs
    return fetched
  }

  function begin(): Promise<FetchedFile> {
    const fetching = tries.run(attempt).catch((error) => {
      throw inWords(file, error)
    })
    // It may fail while an earlier file is being read; its own turn tells.
    fetching.catch(() => {})
    return fetching
  }

  let current: Promise<FetchedFile> | null = begin()
  return {
    file,
    fetched() {
      current ??= begin()
      return current
    },
    async unreadable() {
      current = null
      await tries.failed(new RequestFailure('it is not one JSON array of objects'), tookMs).catch((error) => {
        throw inWords(file, error)
      })
    },
  }
}

function inWords(file: ListedFile, error: unknown): unknown {
  if (error instanceof LinkRefused) return new ListAgain(`${file.name} cannot be fetched, ${error.reason}`)
  if (error instanceof RequestFailure) {
    return incompleteSnapshot(`${file.name} could not be fetched whole, ${error.reason}`)
  }
  return error
}
