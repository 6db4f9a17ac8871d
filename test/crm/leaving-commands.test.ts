import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runProgram } from '../cli/run-program.ts'
import { freshDatabaseUrl } from '../database-for-tests.ts'

let folder: string
let server: Awaited<ReturnType<typeof freshDatabaseUrl>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecellar-leaving-'))
  server = await freshDatabaseUrl()
  await run('winery', 'add', '--slug', 'jh', '--name', 'Juniper Hill')
  await run('winery', 'add', '--slug', 'oak', '--name', 'Oak')
})
afterAll(async () => {
  await server.drop()
  await rm(folder, { recursive: true, force: true })
})

const run = (...words: string[]) =>
  runProgram([...words, '--json'], {
    cwd: folder,
    env: { DATABASE_URL: server.url, ECELLAR_TOCK_DATA: folder },
  })

test('a winery is exported into one file that only its owner can read, and then deleted', async () => {
  const file = join(folder, 'jh.zip')
  const exported = await run('winery', 'export', '--winery', 'jh', '--to', file)
  expect(JSON.parse(exported.stdout)).toMatchObject({
    winery: 'jh',
    file,
    rows: { 'tables/wineries.jsonl': 1 },
  })
  expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const again = await run('winery', 'export', '--winery', 'jh', '--to', file)
  expect(again.code).toBe(3)
  const nowhere = await run('winery', 'export', '--winery', 'jh', '--to', join(folder, 'no', 'jh.zip'))
  expect(JSON.parse(nowhere.stdout)).toMatchObject({ error: { code: 'invalid' } })

  const refused = await run('winery', 'delete', '--winery', 'jh', '--confirm', 'oak')
  expect(refused.code).toBe(3)
  const deleted = await run('winery', 'delete', '--winery', 'jh', '--confirm', 'jh')
  expect(JSON.parse(deleted.stdout)).toMatchObject({ winery: 'jh', rows: { 'ecellar.wineries': 1 } })
  expect(JSON.parse((await run('winery', 'list')).stdout)).toMatchObject([{ winery: 'oak' }])
})
