/** Progress of a pull: a bar with rates on a terminal, nothing but the report elsewhere. */

import { SingleBar } from 'cli-progress'

export type PullProgress = {
  show(now: { filesDone: number; files: number; bytes: number; rows: number }): void
  stop(): void
}

export function pullProgress(terminal: boolean): PullProgress {
  if (!terminal) return { show() {}, stop() {} }
  const startedAt = Date.now()
  let bar: SingleBar | undefined
  return {
    show(now) {
      if (!bar) {
        bar = new SingleBar({
          stream: process.stderr,
          format: 'Reading Tock  {bar} {value}/{total} files · {rows} rows · {rate} rows/s · {megabytes} MB',
          hideCursor: true,
          clearOnComplete: true,
        })
        bar.start(now.files, 0, { rows: 0, rate: 0, megabytes: '0.0' })
      }
      const seconds = Math.max((Date.now() - startedAt) / 1000, 0.001)
      bar.setTotal(now.files)
      bar.update(now.filesDone, {
        rows: now.rows.toLocaleString('en-US'),
        rate: Math.round(now.rows / seconds).toLocaleString('en-US'),
        megabytes: (now.bytes / 1_000_000).toFixed(1),
      })
      if (now.files > 0 && now.filesDone >= now.files) process.stderr.write('\nMatching and writing …\n')
    },
    stop() {
      bar?.stop()
    },
  }
}
