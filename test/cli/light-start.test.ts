import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabaseUrl } from '../database-for-tests.ts'
import { runProgram } from './run-program.ts'

/** What only the service needs: each costs a good part of the 0.4 s that a command may take to start. */
const heavy = ['pg-boss', 'fastify', 'better-auth', 'mjml', 'nodemailer', 'prom-client', 'pino']

let folder: string
let database: { url: string; drop(): Promise<void> }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-light-'))
  database = await freshDatabaseUrl()
})
afterAll(async () => {
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function loadedBy(words: string[]): Promise<string> {
  const file = join(folder, 'loaded')
  await rm(file, { force: true })
  const preload = pathToFileURL(join(import.meta.dirname, 'loaded-modules.ts')).href
  const { code, stderr } = await runProgram(words, {
    cwd: folder,
    env: {
      DATABASE_URL: database.url,
      ECELLAR_TOCK_DATA: join(folder, 'data'),
      LOADED_MODULES_FILE: file,
      NODE_OPTIONS: `--import=${preload}`,
    },
  })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return readFile(file, 'utf8')
}

test.each([
  ['pulls', 'list'],
  ['alerts', 'list'],
  ['winery', 'list'],
  ['start', '--help'],
  ['worker', '--help'],
])('%s %s loads nothing that only the service needs', async (...words) => {
  const loaded = await loadedBy(words)
  expect(loaded).toContain('/src/cli/program.ts')
  for (const name of heavy) expect(loaded).not.toContain(`/node_modules/${name}/`)
})
