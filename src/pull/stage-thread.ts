/** The thread that reads files: one request is one file, answered by what is to be loaded. */

import { parentPort, workerData } from 'node:worker_threads'
import type { FileKind } from '../tock/kept-rows.ts'
import type { ErasedPeople } from './erased-people.ts'
import { stageFile } from './stage-file.ts'

export type StageRequest = { kind: FileKind; fileNo: number; bytes: Uint8Array<ArrayBuffer> }

const erased: ErasedPeople = workerData

parentPort?.on('message', (request: StageRequest) => {
  try {
    const staged = stageFile(request.kind, request.fileNo, request.bytes, erased)
    // Freed now: the garbage collector would let several files pile up.
    request.bytes.buffer.transfer(0)
    parentPort?.postMessage({ staged }, [staged.lines.buffer])
  } catch (error) {
    // Only the kind of failure crosses: the text of a parser's error may quote a guest's data.
    parentPort?.postMessage({ unreadable: error instanceof Error && error.name === 'UnreadableFile' })
  }
})
