/**
 * `npm run bench [-- --large]`: floor and product of pulls in one run, on the same files and the same server; prints a
 * table with ratios. --large adds a million reservations.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinEmbeddedServer } from '../src/database/embedded-server.ts'
import { benchBusiness, makeSnapshots } from './make-snapshots.ts'
import { thisMachine, writePart } from './page.ts'

type Measured = { ms: number; peakMb: number; output: string }

const program = new URL('../bin/ecellar-tock.js', import.meta.url).pathname
const sizes = process.argv.includes('--large') ? [100_000, 1_000_000] : [100_000]
const lines = [
  '| reservations | what | time | ratio | goal | peak memory |',
  '|---:|---|---:|---:|---:|---:|',
]
for (const size of sizes) lines.push(...(await benchOne(size)))
console.log(`\n${lines.join('\n')}`)
await writePart('Pulls', [...explanation(), '', ...lines])

async function benchOne(size: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-bench-'))
  const dataDir = join(folder, 'data')
  tell(`Making ${size.toLocaleString('en-US')} reservations …`)
  await makeSnapshots(folder, size)
  const server = spawn(process.execPath, [new URL('snapshot-server.ts', import.meta.url).pathname, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const tockUrl = String((await once(server.stdout, 'data'))[0]).trim()
  // The server stays up for floor and product alike, so neither pays for starting it.
  const database = await joinEmbeddedServer({ dataDir })
  try {
    const { DATABASE_URL: _, ...inherited } = process.env
    const env = { ...inherited, ECELLAR_TOCK_DATA: dataDir, TOCK_API_URL: tockUrl }
    const cli = (args: string[], input?: string) => run([program, ...args, '--json'], env, input)
    const brand = ['--winery', 'bench', '--brand', 'B']
    await cli(['winery', 'add', '--slug', 'bench', '--name', 'Bench'])
    await cli([
      'brand',
      'add',
      '--winery',
      'bench',
      '--code',
      'B',
      '--name',
      'Bench',
      '--business-group',
      benchBusiness.businessGroupId,
      '--business',
      benchBusiness.businessId,
    ])
    await cli([
      'settings',
      'set',
      '--winery',
      'bench',
      '--customer-source',
      'Tock',
      '--customer-type',
      'Guest',
      '--create',
    ])
    await cli(['key', 'set', ...brand], 'bench-key')
    tell('Floor …')
    const floor = await best(size > 100_000 ? 1 : 3, () =>
      run([new URL('floor.ts', import.meta.url).pathname, join(folder, 'first'), database.url], process.env),
    )
    const floorMs = Number(floor.output)
    const start = await best(5, () => cli(['pulls', 'list']))
    tell('Initial pull …')
    const initial = await cli(['pull', ...brand, '--initial'])
    tell('Unchanged and changed pulls …')
    const unchanged = await best(3, () => cli(['pull', ...brand]))
    await fetch(`${tockUrl}/use/later`)
    const changed = await cli(['pull', ...brand])
    const report = JSON.parse(changed.output) as { reservations: { changed: number } }
    tell(`1 % changed: ${report.reservations.changed} rows changed`)
    const own = (measured: Measured) => measured.ms - start.ms
    const row = (what: string, ms: number, ratio: string, goal: string, peakMb: number) =>
      `| ${size.toLocaleString('en-US')} | ${what} | ${(ms / 1000).toFixed(2)} s | ${ratio} | ${goal} | ${peakMb.toFixed(0)} MB |`
    return [
      row('floor', floorMs, '1.00', '', floor.peakMb),
      row(
        'initial pull, whole command',
        initial.ms,
        (initial.ms / floorMs).toFixed(2),
        '≤ 1.50 of the floor',
        initial.peakMb,
      ),
      row(
        'unchanged pull, without start',
        own(unchanged),
        `1/${(own(initial) / own(unchanged)).toFixed(0)}`,
        '< 1/20 of the initial',
        unchanged.peakMb,
      ),
      row(
        `pull with ${report.reservations.changed} changed rows`,
        changed.ms,
        (changed.ms / floorMs).toFixed(2),
        '',
        changed.peakMb,
      ),
      row('start (`pulls list`)', start.ms, '', '< 0.40 s', start.peakMb),
    ]
  } finally {
    server.kill()
    await database.leave()
    await rm(folder, { recursive: true, force: true })
  }
}

async function best(times: number, work: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = []
  for (let time = 0; time < times; time += 1) all.push(await work())
  return all.reduce((least, one) => (one.ms < least.ms ? one : least))
}

async function run(args: string[], env: NodeJS.ProcessEnv, input?: string): Promise<Measured> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input ?? '')
  let output = ''
  let problems = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    problems += chunk
  })
  let peakMb = 0
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000)
  }, 20)
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(watch)
  if (code !== 0) throw new Error(`${args.slice(1, 4).join(' ')} ended with ${code}\n${output}\n${problems}`)
  return { ms: performance.now() - startedAt, peakMb, output: output.trim() }
}

function tell(line: string): void {
  console.error(line)
}

function explanation(): string[] {
  return [
    'Made by `npm run bench` (`-- --large` adds a million reservations), which measures floor and product in one run.',
    'The *floor* is the least that any program must do with the same files, one after the other: `JSON.parse`, `COPY` of the kept columns into a bare table, one `INSERT … ON CONFLICT`; from disk, without a download.',
    'The product is the whole command: its start, the download over HTTP, cleaning, matching, history. Peak memory is the program’s own (Linux `VmHWM`), without PostgreSQL.',
    '',
    `Measured on ${thisMachine()}.`,
  ]
}
