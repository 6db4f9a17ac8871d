/** Writes one part of docs/benchmarks.md; the others stay. */

import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'

const page = new URL('../docs/benchmarks.md', import.meta.url)

/** What stands between this heading and the next one of its rank is replaced. */
export async function writePart(heading: string, lines: string[]): Promise<void> {
  const parts = (await readFile(page, 'utf8')).split(/^(?=## )/m)
  const part = [`## ${heading}`, '', ...lines, ''].join('\n')
  const place = parts.findIndex((one) => one.startsWith(`## ${heading}\n`))
  if (place === -1) parts.push(part)
  else parts[place] = place === parts.length - 1 ? part : `${part}\n`
  await writeFile(page, parts.map((one) => (one.endsWith('\n') ? one : `${one}\n`)).join(''))
}

export function thisMachine(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return `${new Date().toISOString().slice(0, 10)}: ${processor}, ${availableParallelism()} cores, ${memory} GiB, ${process.platform}, Node ${process.version}, embedded PostgreSQL`
}
