import { appendFile, chmod, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { joinEmbeddedServer } from '../../src/database/embedded-server.ts'
import { embeddedWorld, ordinary, serverPid } from './embedded-world.ts'

const world = embeddedWorld()
afterEach(() => world.clear())

const refusal = (dataDir: string) =>
  joinEmbeddedServer({ dataDir }).then(
    () => 'joined',
    (error: Error) => error.message,
  )

describe('The server is refused with a sentence', () => {
  test('when the folder around the data folder does not exist', async () => {
    const dataDir = join(await world.folder(), 'nowhere', 'data')
    expect(await refusal(dataDir)).toBe(
      `The data folder "${dataDir}" cannot be made because "${dirname(dataDir)}" does not exist. Make that folder, or name another data folder in ECELLAR_TOCK_DATA.`,
    )
  })

  test('when this user may not write to the folder around the data folder', async () => {
    const dataDir = await world.folder('data', ordinary)
    await chmod(dirname(dataDir), 0o555)
    const program = world.program(dataDir, { account: ordinary })
    expect(await program.told('error')).toMatch(
      /^This user may not write to the data folder ".*" \(EACCES\)\. Run the program as the user who owns it/,
    )
  })

  test('when the data folder is a file', async () => {
    const dataDir = await world.folder()
    await writeFile(dataDir, '')
    expect(await refusal(dataDir)).toMatch(/is a file, or lies inside one/)
  })

  test('when another PostgreSQL made the cluster; it names both versions, and touches nothing', async () => {
    const dataDir = await world.folder()
    await (await joinEmbeddedServer({ dataDir })).leave()
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    expect(await refusal(dataDir)).toMatch(
      /was made by PostgreSQL 17, and this program brings PostgreSQL 18; nothing was changed\. Use the version/,
    )
  })

  test('when a folder of that name is no cluster; what is in it stays', async () => {
    const dataDir = await world.folder()
    await mkdir(join(dataDir, 'postgres'), { recursive: true })
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n')
    expect(await refusal(dataDir)).toMatch(/is not a whole PostgreSQL folder, and nothing in it was touched/)
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION'])
  })

  test('when the disk has no room for a new cluster; nothing of it stays', async () => {
    const dataDir = await world.folder('data', ordinary)
    // Files of 1 MB at most: the write fails as it does on a full disk.
    const program = world.program(dataDir, { account: ordinary, prelude: 'trap "" XFSZ; ulimit -f 2048' })
    expect(await program.told('error')).toMatch(
      /could not make its folder ".*"; nothing of it was kept\. Set right what it says, then start again:\n(.*\n)*.*(File too large|No space|child process)/,
    )
    expect(await readdir(dataDir)).not.toContain('postgres')
    expect((await readdir(dataDir)).filter((name) => name.includes('half'))).toEqual([])

    const next = world.program(dataDir, { account: ordinary })
    await next.told('url')
    await next.leave()
  })

  test('when it does not start; the end of its log says why', async () => {
    const dataDir = await world.folder()
    await (await joinEmbeddedServer({ dataDir })).leave()
    await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), '\nno_such_setting = 1\n')
    expect(await refusal(dataDir)).toMatch(/did not start\. .*\n(.*\n)*.*no_such_setting/)
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })

  test('when its password is lost; nothing is left running', async () => {
    const dataDir = await world.folder()
    await (await joinEmbeddedServer({ dataDir })).leave()
    await rename(join(dataDir, 'postgres-password'), join(dataDir, 'elsewhere'))
    expect(await refusal(dataDir)).toMatch(/password of the embedded database cannot be read/)
    await writeFile(join(dataDir, 'postgres-password'), 'wrong\n')
    expect(await refusal(dataDir)).toMatch(/does not accept the password/)
    expect(await serverPid(join(dataDir, 'postgres'))).toBeUndefined()
  })
})
