/** The embedded server's log, `postgres.log` in the data folder: opened for it at each start, and kept short. */

import { open, rename, stat } from 'node:fs/promises'

const longestBytes = 1_000_000

export type ServerLog = {
  /** For the server's output. Whoever opened it closes it. */
  fd: number
  /** The last lines that were written since the log was opened. */
  tail(lines: number): Promise<string>
  close(): Promise<void>
}

/** Opens the log for appending. A long one becomes `postgres.log.1` and replaces the one of that name. */
export async function openServerLog(file: string, owner: { uid: number; gid: number }): Promise<ServerLog> {
  const known = await stat(file).catch(() => undefined)
  if (known && known.size > longestBytes) await rename(file, `${file}.1`)
  const handle = await open(file, 'a', 0o600)
  const { size: begin, uid } = await handle.stat()
  if (uid !== owner.uid) await handle.chown(owner.uid, owner.gid)
  return {
    fd: handle.fd,
    tail: (lines) => readTail(file, begin, lines),
    close: () => handle.close(),
  }
}

async function readTail(file: string, begin: number, lines: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const from = Math.max(begin, size - 16_000)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - from)), {
      position: from,
    })
    return lastLines(buffer.toString('utf8', 0, bytesRead), lines)
  } finally {
    await handle.close()
  }
}

/** The last lines of a text that are not blank. */
export function lastLines(text: string, lines: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .join('\n')
}
