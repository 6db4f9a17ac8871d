import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runProgram } from '../cli/run-program.ts'
import { bookedWinery } from '../crm/booked-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

let folder: string
let database: TestDatabase
let slug: string
let customerId: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segments-'))
  database = await freshDatabase()
  const winery = await bookedWinery(database)
  slug = winery.winery.slug
  customerId = await winery.customer({ email_consent: 'in', club_member: true })
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const env = { ENCRYPTION_KEY: randomBytes(32).toString('base64') }
const run = (...words: string[]) =>
  runProgram([...words, '--winery', slug], { cwd: folder, env: { ...env, DATABASE_URL: database.url } })

test('a marketer goes from a question to an exported audience', async () => {
  const file = join(folder, 'club.json')
  await writeFile(file, JSON.stringify({ version: 1, where: { kind: 'flag', flag: 'clubMember', is: true } }))
  const count = await run('segments', 'count', '--file', file, '--json')
  expect(JSON.parse(count.stdout)).toMatchObject({
    winery: slug,
    matching: 1,
    mayMail: 1,
    mayNotMail: { optedOut: 0 },
  })
  expect(await run('segments', 'save', 'Club', '--file', file)).toMatchObject({
    code: 0,
    stdout: 'Segment "Club" is saved.\n',
  })
  expect(JSON.parse((await run('segments', 'list', '--json')).stdout)).toMatchObject([
    { name: 'Club', matching: 1 },
  ])
  const told = await run('segments', 'explain', '--segment', 'Club', '--customer', customerId)
  expect(told.stdout).toContain(`Customer ${customerId} is in this segment, and may be mailed.`)
  const out = join(folder, 'club.csv')
  const made = await run(
    'segments',
    'export',
    '--segment',
    'club',
    '--columns',
    'customer_id',
    '--to',
    out,
    '--json',
  )
  expect(JSON.parse(made.stdout)).toMatchObject({ rows: 1, file: out })
  expect(await readFile(out, 'utf8')).toBe(`customer_id,may_mail\n${customerId},true\n`)
  const piped = await run('segments', 'export', '--segment', 'club', '--columns', 'customer_id')
  expect(piped.stdout).toBe(`customer_id,may_mail\n${customerId},true\n`)
})

test('what is wrong is said with its place', async () => {
  const file = join(folder, 'wrong.json')
  await writeFile(file, JSON.stringify({ version: 1, where: { kind: 'flag', flag: 'rich', is: true } }))
  const wrong = await run('segments', 'count', '--file', file, '--json')
  expect(wrong.code).toBe(3)
  expect(JSON.parse(wrong.stdout)).toMatchObject({
    error: { code: 'invalid', message: expect.stringContaining('where.flag') },
  })
  expect((await run('segments', 'count')).code).toBe(2)
  expect((await run('segments', 'count', '--segment', 'Nobody')).code).toBe(3)
})
