import { once } from 'node:events'
import { appendFile, readdir, readFile, stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { joinEmbeddedServer } from '../../src/database/embedded-server.ts'
import { ask, embeddedWorld, isAlive, ordinary, serverPid, until } from './embedded-world.ts'

const world = embeddedWorld()
afterEach(() => world.clear())

describe('The first start', () => {
  test('makes a UTF-8 database whose order is the same on every machine, owned by the user of the URL', async () => {
    const server = await joinEmbeddedServer({ dataDir: await world.folder() })
    const [found] = await ask(
      server.url,
      `select
        datname,
        pg_get_userbyid(datdba) as owner,
        current_user as me,
        pg_encoding_to_char(encoding) as encoding,
        datlocprovider as provider,
        datlocale as locale,
        current_setting('fsync') as fsync,
        current_setting('server_version_num')::int >= 150000 as is_new_enough
      from pg_database where datname = current_database()`,
    )
    expect(found).toEqual({
      datname: 'ecellar_tock',
      owner: 'ecellar',
      me: 'ecellar',
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      fsync: 'on',
      is_new_enough: true,
    })
    await server.leave()
  })

  test('makes a password of its own, readable by the owner alone, and the server asks for it', async () => {
    const one = await world.folder()
    const two = await world.folder()
    const servers = await Promise.all([one, two].map((dataDir) => joinEmbeddedServer({ dataDir })))
    const [first, second] = servers.map((server) => new URL(server.url))
    expect((await stat(join(one, 'postgres-password'))).mode & 0o777).toBe(0o600)
    expect(first?.password).toMatch(/^[\w-]{32}$/)
    expect(first?.password).not.toBe(second?.password)

    const stranger = new URL(first ?? '')
    stranger.password = second?.password ?? ''
    await expect(ask(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/)
    await Promise.all(servers.map((server) => server.leave()))
  })

  test('listens on this machine only', async () => {
    const server = await joinEmbeddedServer({ dataDir: await world.folder() })
    const port = Number(new URL(server.url).port)
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each?.family === 'IPv4' && !each.internal)
      .map((each) => each?.address ?? '')
    const answers = await Promise.all(['127.0.0.1', ...outside].map((host) => isListening(host, port)))
    expect(answers).toEqual([true, ...outside.map(() => false)])
    await server.leave()
  })
})

describe('The last one out', () => {
  test('stops the server; the next start finds the data, at the same port', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    await ask(first.url, `create table guests as select 'anna@example.com' as email`)
    await first.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()

    const second = await joinEmbeddedServer({ dataDir })
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'select email from guests')).toEqual([{ email: 'anna@example.com' }])
    await second.leave()
  })

  test('is the last of four that came at once to a fresh folder: one server for all of them', async () => {
    const dataDir = await world.folder()
    const programs = [1, 2, 3, 4].map(() => world.program(dataDir))
    const urls = await Promise.all(programs.map((program) => program.told('url')))
    expect(new Set(urls).size).toBe(1)

    const pid = await serverPid(join(dataDir, 'postgres'))
    for (const program of programs.slice(0, 3)) await program.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBe(pid)
    await programs[3]?.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('does not bind the next start to a port that another program has taken meanwhile', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    await first.leave()
    const taker = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(taker, 'listening')
    const second = await joinEmbeddedServer({ dataDir })
    expect(second.url).not.toBe(first.url)
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.leave()
    taker.close()
  })

  test('leaves the server to somebody who is connected by other means', async () => {
    const dataDir = await world.folder()
    const server = await joinEmbeddedServer({ dataDir })
    const analyst = new pg.Client({ connectionString: server.url })
    await analyst.connect()
    await server.leave()
    expect((await analyst.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await analyst.end()

    const next = await joinEmbeddedServer({ dataDir })
    await next.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('may leave twice, and counts once', async () => {
    const dataDir = await world.folder()
    const [one, two] = await Promise.all([joinEmbeddedServer({ dataDir }), joinEmbeddedServer({ dataDir })])
    await Promise.all([one.leave(), one.leave()])
    expect(await ask(two.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await two.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('is never somebody who is still needed: programs that come and go all the time lose nothing', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    await ask(first.url, 'create table visits (program int)')
    await first.leave()

    const programs = [1, 2, 3, 4].map(() => world.program(dataDir, { rounds: 12 }))
    expect(await Promise.all(programs.map((program) => program.ended))).toEqual([0, 0, 0, 0])
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()

    const last = await joinEmbeddedServer({ dataDir })
    expect(await ask(last.url, 'select count(*)::int as visits from visits')).toEqual([{ visits: 48 }])
    await last.leave()
  })
})

test('A program that forgets to leave ends all the same, and the next one that leaves stops the server', async () => {
  const dataDir = await world.folder()
  const program = world.program(dataDir, { rounds: 0 })
  await program.told('url')
  expect(await program.ended).toBe(0)
  expect(await serverPid(join(dataDir, 'postgres'))).toBeGreaterThan(0)
  await (await joinEmbeddedServer({ dataDir })).leave()
  expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
})

test('Ctrl-C in the terminal of the program that started the server does not reach the server', async () => {
  const dataDir = await world.folder()
  const program = world.program(dataDir)
  await program.told('url')
  const pid = await serverPid(join(dataDir, 'postgres'))
  process.kill(-program.pid, 'SIGINT')
  expect(await program.ended).toBe('SIGINT')
  await until(() => !isAlive(program.pid))
  expect(pid).toBeGreaterThan(0)
  expect(await serverPid(join(dataDir, 'postgres'))).toBe(pid)
})

describe('A data folder', () => {
  test('may have blanks, quotes, dollar signs and any script in its name', async () => {
    const dataDir = await world.folder(`Weingut "Müller" d'Été $HOME 蔵`)
    await joinTwice(dataDir)
  })

  test('may have a name too long for a socket', async () => {
    await joinTwice(await world.folder('n'.repeat(180)))
  })

  test('may be given relative to the current folder', async () => {
    const dataDir = await world.folder()
    const program = world.program(basename(dataDir), { cwd: dirname(dataDir) })
    await program.told('url')
    await program.leave()
    expect(await readdir(dataDir)).toContain('postgres-password')
  })

  test('is independent of another one beside it', async () => {
    const folders = [await world.folder(), await world.folder()]
    const servers = await Promise.all(folders.map((dataDir) => joinEmbeddedServer({ dataDir })))
    expect(servers[0]?.url).not.toBe(servers[1]?.url)
    await servers[0]?.leave()
    expect(await ask(servers[1]?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }])
    await servers[1]?.leave()
  })

  test('is used by an ordinary user as himself', async () => {
    const dataDir = await world.folder('data', ordinary)
    const program = world.program(dataDir, { account: ordinary })
    const url = await program.told('url')
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    const cluster = await stat(join(dataDir, 'postgres'))
    expect(cluster.uid).toBe((await stat(dataDir)).uid)
    await program.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('keeps no more than two short logs', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    await first.leave()
    await appendFile(join(dataDir, 'postgres.log'), 'old line\n'.repeat(200_000))
    const second = await joinEmbeddedServer({ dataDir })
    await second.leave()
    expect((await readFile(join(dataDir, 'postgres.log'), 'utf8')).length).toBeLessThan(10_000)
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.log')).length).toBe(2)
  })
})

async function joinTwice(dataDir: string): Promise<void> {
  const first = await joinEmbeddedServer({ dataDir })
  await ask(first.url, 'create table kept ()')
  await first.leave()
  const second = await joinEmbeddedServer({ dataDir })
  expect(await ask(second.url, `select to_regclass('kept') is not null as kept`)).toEqual([{ kept: true }])
  await second.leave()
  expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
}

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
