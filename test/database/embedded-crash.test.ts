import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { withEmbeddedLock } from '../../src/database/embedded-lock.ts'
import { joinEmbeddedServer } from '../../src/database/embedded-server.ts'
import { ask, embeddedWorld, isAlive, serverPid, until } from './embedded-world.ts'

const world = embeddedWorld()
afterEach(() => world.clear())

describe('A program killed', () => {
  test('while it is joined leaves the server running; the next one joins it and its leaving stops it', async () => {
    const dataDir = await world.folder()
    const program = world.program(dataDir)
    await program.told('url')
    const pid = await serverPid(join(dataDir, 'postgres'))
    await program.kill('SIGKILL')

    const next = await joinEmbeddedServer({ dataDir })
    expect(await serverPid(join(dataDir, 'postgres'))).toBe(pid)
    await next.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test.each([150, 300, 450, 600, 750, 900])(
    'in the middle of its first start (after %i ms) leaves nothing that hinders the next one',
    async (afterMs) => {
      const dataDir = await world.folder()
      const program = world.program(dataDir)
      await sleep(afterMs)
      await program.kill('SIGKILL')

      const next = await joinEmbeddedServer({ dataDir })
      expect(await ask(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
      expect((await readdir(dataDir)).filter((name) => name.includes('half'))).toEqual([])
      await next.leave()
      expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
    },
  )

  test('while it holds the lock blocks nobody', async () => {
    const dataDir = await world.folder()
    await mkdir(dataDir)
    const file = join(dataDir, 'postgres.lock')
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `const { DatabaseSync } = require('node:sqlite')
        globalThis.lock = new DatabaseSync(process.argv[1])
        globalThis.lock.exec('begin exclusive')
        console.log('held')
        setInterval(() => {}, 1000)`,
        file,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const order: string[] = []
    const waiting = withEmbeddedLock({ file, waitMs: 10_000, log: () => {} }, async () =>
      order.push('locked'),
    )
    await sleep(100)
    order.push('killed')
    holder.kill('SIGKILL')
    await waiting
    expect(order).toEqual(['killed', 'locked'])
  })
})

describe('A server killed', () => {
  test('loses nothing, and comes back at its port for the programs that are joined', async () => {
    const dataDir = await world.folder()
    const lines: string[] = []
    const server = await joinEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
    await ask(server.url, 'create table counted as select generate_series(1, 1000) as n')
    await killServer(dataDir)
    await until(() => lines.includes('The embedded database is back.'))
    expect(await ask(server.url, 'select count(*)::int as n from counted')).toEqual([{ n: 1000 }])
    await server.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('with nobody joined is started by the next one, with its data', async () => {
    const dataDir = await world.folder()
    const program = world.program(dataDir)
    const url = await program.told('url')
    await ask(url, 'create table counted as select generate_series(1, 1000) as n')
    await program.kill('SIGKILL')
    await killServer(dataDir)

    const next = await joinEmbeddedServer({ dataDir })
    expect(await ask(next.url, 'select count(*)::int as n from counted')).toEqual([{ n: 1000 }])
    await next.leave()
  })

  test('keeps no program from ending', async () => {
    const dataDir = await world.folder()
    const program = world.program(dataDir)
    await program.told('url')
    await killServer(dataDir)
    await program.leave()
    expect(await program.ended).toBe(0)
    const next = await joinEmbeddedServer({ dataDir })
    await next.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('is not made anew, empty, when its folder is gone under the programs that are joined', async () => {
    const dataDir = await world.folder()
    const lines: string[] = []
    const server = await joinEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
    const pid = await serverPid(join(dataDir, 'postgres'))
    await rename(join(dataDir, 'postgres'), join(dataDir, 'elsewhere'))
    process.kill(pid ?? 0, 'SIGKILL')
    await until(() => lines.some((line) => line.includes('is gone')))
    await server.leave()
    expect(await readdir(dataDir)).not.toContain('postgres')
  })

  test('by a crash of one of its connections is not stopped under a program that lost its presence by it', async () => {
    const dataDir = await world.folder()
    const lines: string[] = []
    const server = await joinEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
    const [presence] = await ask<{ pid: number }>(
      server.url,
      `select pid from pg_stat_activity where application_name = 'ecellar-tock presence'`,
    )
    process.kill(presence?.pid ?? 0, 'SIGKILL')
    await until(() => lines.includes('The embedded database is back.'))
    const other = await joinEmbeddedServer({ dataDir })
    await other.leave()
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })
})

describe('What a crash left behind', () => {
  test('a postmaster.pid whose number another program has now does not hinder the start', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n')
    await first.leave()
    await writeFile(pidFile, [process.pid, ...rest].join('\n'))

    const next = await joinEmbeddedServer({ dataDir })
    expect(await ask(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await serverPid(join(dataDir, 'postgres'))).not.toBe(process.pid)
    await next.leave()
    expect(isAlive(process.pid)).toBe(true)
  })

  test('a postmaster.pid whose number another data folder’s server has now does not lead there', async () => {
    const [ours, theirs] = [await world.folder(), await world.folder()]
    const other = await joinEmbeddedServer({ dataDir: theirs })
    const first = await joinEmbeddedServer({ dataDir: ours })
    await first.leave()
    const stale = await readFile(join(theirs, 'postgres', 'postmaster.pid'), 'utf8')
    await writeFile(join(ours, 'postgres', 'postmaster.pid'), stale)

    const next = await joinEmbeddedServer({ dataDir: ours })
    expect(new URL(next.url).port).not.toBe(new URL(other.url).port)
    await next.leave()
    expect(await ask(other.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await other.leave()
  })

  test('a half-made folder is removed, not taken for a cluster', async () => {
    const dataDir = await world.folder()
    const half = join(dataDir, 'postgres.half-aBcDeF', 'cluster', 'global')
    await mkdir(half, { recursive: true })
    await writeFile(join(dirname(half), 'PG_VERSION'), '18\n')
    const server = await joinEmbeddedServer({ dataDir })
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(dataDir)).sort()).toEqual([
      'postgres',
      'postgres-password',
      'postgres.lock',
      'postgres.log',
    ])
    await server.leave()
  })

  test('a cluster without the product’s database gets it', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    const maintenance = first.url.replace('/ecellar_tock', '/postgres')
    await ask(maintenance, 'drop database ecellar_tock with (force)')
    await first.leave()
    const next = await joinEmbeddedServer({ dataDir })
    expect(await ask(next.url, 'select current_database()')).toEqual([{ current_database: 'ecellar_tock' }])
    await next.leave()
  })
})

async function killServer(dataDir: string): Promise<void> {
  const pid = await serverPid(join(dataDir, 'postgres'))
  expect(pid).toBeGreaterThan(0)
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}
