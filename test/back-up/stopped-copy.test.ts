/** The embedded database is backed up by a copy of the data folder at rest, and lives on in another place. */

import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { proveRestored, settleIn, smallTock } from './world.ts'

const run = promisify(execFile)
let folder: string
let simulator: Simulator
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-back-up-'))
  // As root the database server is another user, and would lie elsewhere.
  await chmod(folder, 0o755)
  simulator = await smallTock()
})
afterAll(async () => {
  await simulator?.close()
  await rm(folder, { recursive: true, force: true })
})

test('a copy of the data folder has everything, opens what is sealed, pulls on, and brings nobody back who was erased', {
  timeout: 300_000,
}, async () => {
  const env = (data: string) => ({ ECELLAR_TOCK_DATA: join(folder, data), TOCK_API_URL: simulator.url })
  const world = await settleIn(simulator, env('data'), folder)
  // As the documents have it.
  await run('tar', ['-C', folder, '-czf', join(folder, 'back-up.tar.gz'), 'data'])
  await rm(join(folder, 'data'), { recursive: true })
  const elsewhere = await mkdtemp(join(folder, 'elsewhere-'))
  await chmod(elsewhere, 0o755)
  await run('tar', ['-C', elsewhere, '-xzpf', join(folder, 'back-up.tar.gz')])
  const found = await proveRestored(
    world,
    { ...env('nothing'), ECELLAR_TOCK_DATA: join(elsewhere, 'data') },
    folder,
  )
  expect(found).toHaveLength(5)
})
