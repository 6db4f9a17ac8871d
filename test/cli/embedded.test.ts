import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ended, runProgram, startProgram } from './run-program.ts'

let folder: string
const env = () => ({ ECELLAR_TOCK_DATA: join(folder, 'data') })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-embedded-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("the program's own server", () => {
  it('serves one command after another and is gone after the last', async () => {
    const added = await runProgram(['winery', 'add', '--slug', 'a', '--name', 'A'], {
      cwd: folder,
      env: env(),
    })
    expect(added).toMatchObject({ code: 0, stderr: '' })
    const listed = await runProgram(['winery', 'list', '--json'], { cwd: folder, env: env() })
    expect(JSON.parse(listed.stdout)).toMatchObject([{ winery: 'a' }])
  })

  it('ends with the program that Ctrl-C ends', async () => {
    const keeper = startProgram(['database', 'keep', '--seconds', '60'], { cwd: folder, env: env() })
    const end = ended(keeper)
    await new Promise((resolve) => keeper.stdout?.once('data', resolve))
    keeper.kill('SIGINT')
    expect((await end).code).toBe(0)
  })

  it('stays up for whoever has asked for its address', async () => {
    const { code, stdout, stderr } = await runProgram(
      ['database', 'url', '--analyst', '--winery', 'a', '--keep-seconds', '2'],
      {
        cwd: folder,
        env: env(),
      },
    )
    expect(code).toBe(0)
    expect(stderr).toContain('stays up')
    const connect = async () => {
      const client = new pg.Client({ connectionString: stdout.trim() })
      client.on('error', () => {})
      await client.connect()
      return client
    }
    const client = await connect()
    expect((await client.query('select winery from locations')).rows).toEqual([])
    await client.end()
    let isUp = true
    for (let waited = 0; isUp && waited < 40; waited++) {
      await sleep(500)
      isUp = await connect().then(
        (again) => again.end().then(() => true),
        () => false,
      )
      // Looking must not keep it up: less often than the keeper waits.
      if (isUp) await sleep(4_000)
    }
    expect(isUp).toBe(false)
  })
})
