import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabaseUrl } from '../database-for-tests.ts'

const bin = fileURLToPath(new URL('../../bin/ecellar-tock.js', import.meta.url))
let folder: string
let server: Awaited<ReturnType<typeof freshDatabaseUrl>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecellar-customers-'))
  server = await freshDatabaseUrl()
  await run('winery', 'add', '--slug', 'jh', '--name', 'Juniper Hill')
})
afterAll(async () => {
  await server.drop()
  await rm(folder, { recursive: true, force: true })
})

test('the commands import, release, opt out and erase, each with one JSON document', async () => {
  const file = join(folder, 'customers.csv')
  await writeFile(file, 'email,first_name,wants_email\nann@example.com,Ann,yes\nno-address,Bob,\n')
  const imported = await run('customers', 'import', file, '--winery', 'jh', '--json')
  expect(imported.code).toBe(0)
  expect(JSON.parse(imported.out)).toMatchObject({
    rows: 2,
    created: 1,
    bad: [{ line: 3, problem: 'email is not an e-mail address' }],
  })
  const again = await run('customers', 'import', '-', '--winery', 'jh', '<', 'email\nann@example.com\n')
  expect(again.out).toBe('1 row: 1 unchanged.\n')
  const released = await run('customers', 'release', '--all', '--winery', 'jh', '--json')
  expect(JSON.parse(released.out)).toMatchObject({ released: 0 })
  const out = await run(
    'customers',
    'opt-out',
    '--email',
    'ann@example.com',
    '--why',
    'asked',
    '--winery',
    'jh',
    '--json',
  )
  expect(JSON.parse(out.out)).toMatchObject({ optedOut: 1 })
  const erased = await run('customers', 'erase', '--email', 'ann@example.com', '--winery', 'jh', '--json')
  expect(JSON.parse(erased.out)).toMatchObject({ erased: true, customers: 1 })
  const after = await run('customers', 'import', file, '--winery', 'jh', '--json')
  expect(JSON.parse(after.out)).toMatchObject({ created: 0, erasedSkipped: 1 })
})

test('whom to release, opt out or erase has to be said exactly once', async () => {
  for (const words of [
    ['release'],
    ['release', '--all', '--pull', '1'],
    ['release', '--all', '--created-from', '2026-01-01'],
    ['release', '--all', '--at-most', '0'],
    ['export-person'],
    ['opt-out', '--why', 'asked'],
    ['opt-out', '--email', 'a@example.com'],
    ['erase', '--email', 'a@example.com', '--id', '1'],
  ]) {
    expect((await run('customers', ...words, '--winery', 'jh')).code).toBe(2)
  }
})

test('the commands try a release, do it, take it back, opt in, and tell what is kept of a person', async () => {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ id: string }>(
    `insert into ecellar.customers (winery_id, email, email_key, email_consent, created_by)
    select winery_id, 'mia@example.com', 'mia@example.com', 'in', 'tock' from ecellar.wineries where slug = 'jh'
    returning customer_id as id`,
  )
  await client.end()
  const id = rows[0]?.id ?? ''
  const json = async (...words: string[]) =>
    JSON.parse((await run('customers', ...words, '--winery', 'jh', '--json')).out)
  expect(await json('release', '--all', '--dry-run')).toMatchObject({
    releaseId: null,
    released: 1,
    mayBeMailed: 1,
  })
  const period = ['--created-from', '2020-01-01', '--created-to', '2099-01-01', '--at-most', '5']
  const { releaseId } = await json('release', ...period)
  expect(await json('releases')).toMatchObject([{ releaseId, customers: 1, takenBackAt: null }])
  expect(await json('take-back', releaseId)).toEqual({
    releaseId,
    takenBack: 1,
    exportedSince: 0,
    plansStopped: 0,
  })
  await json('opt-out', '--email', 'mia@example.com', '--why', 'asked')
  expect(await json('opt-in', '--id', id, '--why', 'signed a form')).toEqual({
    customerId: id,
    optedIn: true,
  })
  expect(await json('export-person', '--email', 'mia@example.com')).toMatchObject({
    found: true,
    customers: [{ email: 'mia@example.com', email_consent: 'in' }],
  })
})

test('a missing file is refused with a code, a sentence and a next step', async () => {
  const { code, out } = await run('customers', 'import', join(folder, 'none.csv'), '--winery', 'jh', '--json')
  expect(code).toBe(3)
  expect(JSON.parse(out)).toEqual({
    error: { code: 'not_found', message: expect.any(String), nextStep: expect.any(String) },
  })
})

/** Words after `<` are standard input. */
function run(...words: string[]): Promise<{ code: number; out: string; said: string }> {
  const at = words.indexOf('<')
  const given = at === -1 ? words : words.slice(0, at)
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [bin, ...given],
      { cwd: folder, env: { PATH: process.env.PATH, DATABASE_URL: server.url, ECELLAR_TOCK_DATA: folder } },
      (error, out, said) => resolve({ code: error ? Number(error.code) : 0, out, said }),
    )
    child.stdin?.end(at === -1 ? '' : words[at + 1])
  })
}
