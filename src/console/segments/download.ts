/** Reads a file as it comes, so that the page can tell how far it is. */

import { Trouble } from '../ask.ts'

export async function download(
  answer: Response,
  /** Of CSV: a line that breaks within quotes is still one. */
  hasQuotes: boolean,
  progress: (lines: number) => void,
): Promise<{ name: string; content: Blob; lines: number }> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let lines = 0
  let isQuoted = false
  const reader = answer.body?.getReader()
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) break
      parts.push(value)
      for (const byte of value) {
        if (byte === quote && hasQuotes) isQuoted = !isQuoted
        if (byte === newline && !isQuoted) lines += 1
      }
      progress(lines)
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Trouble({
      code: 'failed',
      message: 'The file broke off: it is not whole, and was thrown away.',
      nextStep: 'Export it again.',
    })
  }
  const [, name = 'segment'] =
    /filename="?([^";]+)"?/.exec(answer.headers.get('content-disposition') ?? '') ?? []
  return { name, content: new Blob(parts, { type: answer.headers.get('content-type') ?? '' }), lines }
}

const newline = 10
const quote = 34
