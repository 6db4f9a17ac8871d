/**
 * Reads files in threads that are started when first needed: a pull in which nothing changed never pays for them, nor
 * does one of a small winery, whose files are read in less time than a thread takes to start.
 */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { UnreadableFile } from '../tock/unreadable-file.ts'
import type { ErasedPeople } from './erased-people.ts'
import { type StagedFile, stageFile } from './stage-file.ts'
import type { StageRequest } from './stage-thread.ts'

/** Read in some 5 ms; starting a thread takes 100. */
const smallBytes = 256 * 1024

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
      if (threads.length === 0 && request.bytes.byteLength <= smallBytes) {
        return readHere(request, erased)
      }
      const thread = idle.pop() ?? startThread()
      const answered = once(thread, 'message')
      thread.postMessage(request, [request.bytes.buffer])
      const [answer] = (await answered) as [{ staged?: StagedFile; unreadable?: boolean }]
      idle.push(thread)
      if (answer.staged) return answer.staged
      throw answer.unreadable ? new UnreadableFile() : fault()
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}

function readHere({ kind, fileNo, bytes }: StageRequest, erased: ErasedPeople): StagedFile {
  try {
    return stageFile(kind, fileNo, bytes, erased)
  } catch (error) {
    throw error instanceof UnreadableFile ? error : fault()
  }
}

/** Without the text of what went wrong: it may quote a guest's data. */
const fault = () => new Error('A file of the snapshot could not be read because of a fault in this program')
