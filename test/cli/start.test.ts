/** `start` on the embedded database: ready, joined by other commands, and ended well. */

import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ended, runProgram, startProgram } from './run-program.ts'

let folder: string
let child: ChildProcess | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-start-'))
})
afterAll(async () => {
  child?.kill('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

const surroundings = () => ({
  cwd: folder,
  env: { ECELLAR_TOCK_DATA: join(folder, 'data'), PORT: '0' },
})

test('other commands join the database of a running service, and the last one out stops it', async () => {
  child = startProgram(['start', '--json'], surroundings())
  const whole = ended(child)
  let stdout = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  while (!stdout.trimEnd().endsWith('}')) {
    if (child.exitCode !== null) throw new Error((await whole).stderr)
    await wait(20)
  }
  const ready = JSON.parse(stdout)
  expect(ready).toMatchObject({
    ready: true,
    pulls: 4,
    pid: expect.any(Number),
    address: expect.stringMatching(/^http/),
  })

  const added = await runProgram(
    ['winery', 'add', '--slug', 'juniper-hill', '--name', 'Juniper Hill'],
    surroundings(),
  )
  expect(added).toMatchObject({ code: 0 })
  const listed = await runProgram(['winery', 'list', '--json'], surroundings())
  expect(JSON.parse(listed.stdout)).toMatchObject([{ winery: 'juniper-hill' }])

  child.kill('SIGTERM')
  const { code, stderr } = await whole
  expect(code).toBe(0)
  for (const line of stderr.trim().split('\n'))
    expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) })
  expect(existsSync(join(folder, 'data', 'postgres', 'postmaster.pid'))).toBe(false)
})
