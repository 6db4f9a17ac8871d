/** Reads a secret from standard input: all of a pipe or file; on a terminal one line, without showing it. */

import type { ReadStream } from 'node:tty'

const longest = 65_536

export async function readSecret(
  input: NodeJS.ReadStream | ReadStream,
  note: (line: string) => void,
): Promise<string> {
  if (!input.isTTY) {
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of input) {
      const bytes = Buffer.from(chunk)
      length += bytes.length
      // Nothing that long is a secret; a file given by mistake need not fill the memory.
      if (length > longest) break
      chunks.push(bytes)
    }
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
  }
  note('Paste the key and press Enter (it is not shown):')
  return readHiddenLine(input)
}

function readHiddenLine(input: NodeJS.ReadStream | ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = ''
    const finish = (end: () => void) => {
      input.off('data', onData)
      input.setRawMode(false)
      input.pause()
      end()
    }
    const onData = (chunk: Buffer | string) => {
      for (const key of chunk.toString()) {
        if (key === '\r' || key === '\n' || key === '\u0004') return finish(() => resolve(line))
        // Raw mode delivers Ctrl-C as a character.
        if (key === '\u0003') return finish(() => reject(new Error('Interrupted: nothing was stored.')))
        line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key
      }
    }
    input.setRawMode(true)
    input.resume()
    input.on('data', onData)
  })
}
