/** Reads files in a thread that is started for the first one: a pull in which nothing changed never pays for it. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { UnreadableFile } from '../tock/unreadable-file.ts'
import type { ErasedPeople } from './erased-people.ts'
import type { StagedFile } from './stage-file.ts'
import type { StageRequest } from './stage-thread.ts'

export type FileReader = {
  /** @throws UnreadableFile */
  read(request: StageRequest): Promise<StagedFile>
  close(): Promise<void>
}

export function fileReader(erased: ErasedPeople): FileReader {
  let thread: Worker | undefined
  return {
    async read(request) {
      // The heap's limit keeps memory flat: what a file leaves behind is collected before the next ones pile up.
      thread ??= new Worker(new URL('./stage-thread.ts', import.meta.url), {
        workerData: erased,
        resourceLimits: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 },
      })
      const answered = once(thread, 'message')
      thread.postMessage(request, [request.bytes.buffer])
      const [answer] = (await answered) as [{ staged?: StagedFile; unreadable?: boolean }]
      if (answer.staged) return answer.staged
      if (answer.unreadable) throw new UnreadableFile()
      throw new Error('A file of the snapshot could not be read because of a fault in this program')
    },
    async close() {
      await thread?.terminate()
    },
  }
}
