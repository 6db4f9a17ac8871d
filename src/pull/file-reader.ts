/** Reads files in threads that are started when first needed: a pull in which nothing changed never pays for them. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { UnreadableFile } from '../tock/unreadable-file.ts'
import type { ErasedPeople } from './erased-people.ts'
import type { StagedFile } from './stage-file.ts'
import type { StageRequest } from './stage-thread.ts'

export type FileReader = {
  /** To be called by at most as many at a time as it takes to keep the threads busy. @throws UnreadableFile */
  read(request: StageRequest): Promise<StagedFile>
  close(): Promise<void>
}

export function fileReader(erased: ErasedPeople): FileReader {
  const threads: Worker[] = []
  const idle: Worker[] = []

  function startThread(): Worker {
    // Small heaps keep memory flat: rows are read a few hundred at a time and leave nothing behind.
    const thread = new Worker(new URL('./stage-thread.ts', import.meta.url), {
      workerData: erased,
      resourceLimits: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 },
    })
    threads.push(thread)
    return thread
  }

  return {
    async read(request) {
      const thread = idle.pop() ?? startThread()
      const answered = once(thread, 'message')
      thread.postMessage(request, [request.bytes.buffer])
      const [answer] = (await answered) as [{ staged?: StagedFile; unreadable?: boolean }]
      idle.push(thread)
      if (answer.staged) return answer.staged
      if (answer.unreadable) throw new UnreadableFile()
      throw new Error('A file of the snapshot could not be read because of a fault in this program')
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}
