/** The demo as its user runs it: a child process, with nothing prepared. */

import { execFile, spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DemoFigures } from '../../src/cli/demo-figures.ts'
import { lookFurtherText } from '../../src/cli/demo-text.ts'
import { type PullReport, pullReportSchema } from '../../src/contract/pull-report.ts'
import { commandLines, faultOf } from '../command-lines.ts'

const program = fileURLToPath(new URL('../../bin/ecellar-tock.js', import.meta.url))
const patienceMs = 180_000

let place = ''
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ecellar-tock-demo-test-'))
  // Under root the database's server is another user's, who has to get through.
  await chmod(place, 0o711)
})
afterEach(async () => {
  await rm(place, { recursive: true, force: true })
})

describe('the demo', () => {
  it('ends by itself where nobody looks, prints one JSON document whose figures add up, and leaves nothing', {
    timeout: patienceMs,
  }, async () => {
    // A server that nobody has and another Tock: the demo has its own.
    const demo = startDemo(['--json'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
      TOCK_API_URL: 'http://127.0.0.1:9',
    })
    const { code, stdout, stderr } = await demo.ended
    expect(stderr).toContain('Nightly: ')
    expect(code).toBe(0)
    addUp(JSON.parse(stdout))
    await nothingIsLeft()
  })

  it('shows it within 80 columns, and warns about campaigns for New customers', {
    timeout: patienceMs,
  }, async () => {
    const { code, stdout } = await startDemo([]).ended
    expect(code).toBe(0)
    const long = stdout.split('\n').filter((line) => [...line].length > 80)
    expect(long).toEqual([])
    expect(stdout).toMatch(/campaigns\s+for New customers/)
    expect(stdout).toMatch(
      /"came in the last 90 days and may be mailed":\n[\d,]+ customers, of [\d,]+ who came/,
    )
    await nothingIsLeft()
  })

  it('that is interrupted leaves nothing either', { timeout: patienceMs }, async () => {
    const demo = startDemo([])
    await demo.says('Setting up')
    demo.child.kill('SIGINT')
    const { code } = await demo.ended
    expect(code).toBe(130)
    await nothingIsLeft()
  })

  it('tells commands that the program knows', async () => {
    const text = lookFurtherText({
      address: 'http://localhost:4000',
      users: [{ role: 'support', email: 'support@example.com', password: 'larkmoor-support' }],
      folder: '/tmp/demo',
      tockUrl: 'http://127.0.0.1:4100',
      winery: 'larkmoor',
      brand: 'LV',
      databaseUrlIsSet: true,
    })
    const lines = commandLines(text)
    expect(lines.length).toBeGreaterThan(4)
    for (const words of lines) expect(await faultOf(words), words.join(' ')).toBeUndefined()
  })
})

type DemoJson = DemoFigures & {
  imported: { rows: number; created: number; bad: unknown[] }
  pulls: PullReport[]
}

function addUp(json: DemoJson): void {
  const sum = (figures: number[]) => figures.reduce((total, figure) => total + figure, 0)
  expect(json.pulls.map(({ kind }) => kind)).toEqual(
    ['preview', 'initial', 'nightly'].flatMap((kind) => [kind, kind, kind]),
  )
  for (const pull of json.pulls) {
    expect(pullReportSchema.safeParse(pull).error).toBeUndefined()
    const { inSnapshot, added, changed, unchanged, excluded, stale, exceptions } = pull.reservations
    expect(added + changed + unchanged + excluded + stale + exceptions).toBe(inSnapshot)
  }
  const kept = json.pulls.filter(({ kind }) => kind !== 'preview')
  for (const one of json.brands) {
    const own = kept.filter(({ brand }) => brand === one.brand)
    expect(sum(own.map(({ reservations }) => reservations.added))).toBe(one.reservations)
    expect(sum(json.experiences.map(({ brands }) => brands[one.brand] ?? 0))).toBe(one.reservations)
    expect(one.upcoming).toBeGreaterThan(0)
    expect(one.visits).toBeGreaterThan(0)
  }
  expect(new Set(json.brands.map(({ timeZone }) => timeZone)).size).toBe(2)

  const { customers, segment, imported } = json
  expect(imported.bad).toEqual([])
  expect(imported.created).toBe(imported.rows)
  expect(customers.imported).toBe(imported.created)
  expect(customers.imported + customers.createdByTock).toBe(customers.total)
  expect(sum(kept.map((pull) => pull.customers.created))).toBe(customers.createdByTock)
  expect(sum(kept.filter(({ kind }) => kind === 'initial').map((pull) => pull.customers.created))).toBe(
    customers.unreleased,
  )
  expect(segment.mayBeMailed).toBeGreaterThan(0)
  expect(segment.mayBeMailed + segment.notReleased + segment.noConsent + segment.other).toBe(segment.came)
}

function startDemo(options: string[], settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, 'demo', ...options], {
    env: { ...process.env, ...settings, TMPDIR: place },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const says = async (text: string) => {
    while (!stderr.includes(text) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(stderr).toContain(text)
  }
  return { child, ended, says }
}

async function nothingIsLeft(): Promise<void> {
  const left = await readdir(place)
  // Node keeps compiled code there, too; that is nobody's data.
  expect(left.filter((name) => name !== 'node-compile-cache')).toEqual([])
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args'])
  expect(stdout.split('\n').filter((line) => line.includes(place))).toEqual([])
}
