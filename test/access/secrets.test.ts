import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { erasureHash } from '../../src/access/erasure-hash.ts'
import { openSecrets } from '../../src/access/secrets.ts'
import { readTockKey, storeTockKey } from '../../src/access/tock-keys.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

const newKey = () => randomBytes(32).toString('base64')
let database: TestDatabase
let dataDir: string
const notes: string[] = []
const note = (line: string) => notes.push(line)

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.deleteFrom('tock_keys').execute()
  await database.db.deleteFrom('installation_secrets').execute()
  notes.length = 0
  dataDir = await mkdtemp(join(tmpdir(), 'secrets-'))
  return () => rm(dataDir, { recursive: true })
})

function config(env: Record<string, string> = {}): Config {
  return readConfig({ ECELLAR_TOCK_DATA: dataDir, ...env }, dataDir)
}
const open = (env: Record<string, string> = {}) => openSecrets({ db: database.db, config: config(env), note })

describe('a secret', () => {
  it('comes out as it went in, and is not readable in between', async () => {
    const secrets = await open({ ENCRYPTION_KEY: newKey() })
    const sealed = await secrets.seal('tock-key-é', '1/2')
    expect(sealed).not.toContain('tock-key')
    expect(Buffer.from(sealed, 'base64url').toString()).not.toContain('tock-key')
    expect(await secrets.open(sealed, '1/2')).toBe('tock-key-é')
  })

  it('opens for nobody but whom it was sealed for', async () => {
    const secrets = await open({ ENCRYPTION_KEY: newKey() })
    const sealed = await secrets.seal('text', '1/2')
    await expect(secrets.open(sealed, '1/3')).rejects.toThrow('belongs to somebody else')
  })

  it('does not open when a letter of it has changed', async () => {
    const secrets = await open({ ENCRYPTION_KEY: newKey() })
    const parts = (await secrets.seal('text', '1/2')).split('.')
    parts[3] = parts[3]?.startsWith('A') ? `B${parts[3].slice(1)}` : `A${parts[3]?.slice(1)}`
    await expect(secrets.open(parts.join('.'), '1/2')).rejects.toThrow('damaged')
    await expect(secrets.open('nonsense', '1/2')).rejects.toThrow('damaged')
  })

  it('says so when another key sealed it', async () => {
    const sealed = await (await open({ ENCRYPTION_KEY: newKey() })).seal('text', 'x')
    const other = await open({ ENCRYPTION_KEY: newKey() })
    await expect(other.open(sealed, 'x')).rejects.toThrow('another ENCRYPTION_KEY')
  })
})

describe('the encryption key', () => {
  it('is made once in the data folder, readable by its owner alone', async () => {
    const sealed = await (await open()).seal('text', 'x')
    const file = join(dataDir, 'encryption-key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32)
    expect(await (await open()).open(sealed, 'x')).toBe('text')
    expect(notes).toEqual([])
  })

  it('is one key when two programs start at the same time', async () => {
    const [one, two] = await Promise.all([open(), open()])
    expect(await two.open(await one.seal('text', 'x'), 'x')).toBe('text')
  })

  it('in the data folder is warned about when the database is on a server', async () => {
    await open({ DATABASE_URL: 'postgres://example.com/x' })
    expect(notes.join()).toContain('ENCRYPTION_KEY is not set')
  })

  it('is not made anew while something is sealed with one that is gone', async () => {
    await (await open()).erasureKey()
    await rm(join(dataDir, 'encryption-key'))
    await expect(open()).rejects.toMatchObject({ code: 'invalid' })
  })

  it('can be changed: the earlier one behind a comma still opens, and is needed once', async () => {
    const [before, after] = [newKey(), newKey()]
    const first = await open({ ENCRYPTION_KEY: before })
    await storeTockKey(database.db, first, { wineryId: '1', brandId: '0', key: 'k', actor })
    const hashes = Buffer.from(await first.erasureKey()).toString('hex')
    await open({ ENCRYPTION_KEY: `${after},${before}` })
    expect(notes.join()).toContain('2 stored secrets')
    const second = await open({ ENCRYPTION_KEY: after })
    expect(await readTockKey(database.db, second, { wineryId: '1', brandId: '5' })).toBe('k')
    expect(Buffer.from(await second.erasureKey()).toString('hex')).toBe(hashes)
  })

  it('of the data folder goes on opening after ENCRYPTION_KEY has been set', async () => {
    const hashes = Buffer.from(await (await open()).erasureKey())
    const later = await open({ ENCRYPTION_KEY: newKey() })
    expect(Buffer.from(await later.erasureKey()).equals(hashes)).toBe(true)
  })

  it('that is no key is refused without being told', async () => {
    await writeFile(join(dataDir, '.env'), 'ENCRYPTION_KEY=c2hvcnQ=\n')
    expect(() => config()).toThrow(/ENCRYPTION_KEY is not 32 bytes/)
    expect(() => config()).not.toThrow(/c2hvcnQ/)
  })
})

describe('the erasure key', () => {
  it('is the same at every start and for two that ask at once', async () => {
    const env = { ENCRYPTION_KEY: newKey() }
    const [one, two] = await Promise.all([open(env), open(env)])
    const [a, b] = await Promise.all([one.erasureKey(), two.erasureKey()])
    expect(a).toHaveLength(32)
    expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true)
  })

  it('makes hashes that tell addresses and patrons apart', async () => {
    const key = await (await open({ ENCRYPTION_KEY: newKey() })).erasureKey()
    const hash = erasureHash(key, 'email', '55/1')
    expect(hash).toMatch(/^[\w-]{43}$/)
    expect(erasureHash(key, 'email', '55/1')).toBe(hash)
    expect(erasureHash(key, 'patron', '55/1')).not.toBe(hash)
    expect(erasureHash(randomBytes(32), 'email', '55/1')).not.toBe(hash)
  })
})

describe('a Tock key', () => {
  it("is the brand's own, else the winery's, else none", async () => {
    const secrets = await open({ ENCRYPTION_KEY: newKey() })
    const read = (brandId: string) => readTockKey(database.db, secrets, { wineryId: '7', brandId })
    expect(await read('1')).toBeNull()
    await storeTockKey(database.db, secrets, { wineryId: '7', brandId: '0', key: 'for-all', actor })
    await storeTockKey(database.db, secrets, { wineryId: '7', brandId: '2', key: 'for-two', actor })
    expect(await read('1')).toBe('for-all')
    expect(await read('2')).toBe('for-two')
    await storeTockKey(database.db, secrets, { wineryId: '7', brandId: '2', key: 'newer', actor })
    expect(await read('2')).toBe('newer')
  })

  it('that was moved to another winery opens nothing', async () => {
    const secrets = await open({ ENCRYPTION_KEY: newKey() })
    await storeTockKey(database.db, secrets, { wineryId: '7', brandId: '0', key: 'k', actor })
    await database.db.updateTable('tock_keys').set({ winery_id: '8' }).execute()
    await expect(readTockKey(database.db, secrets, { wineryId: '8', brandId: '1' })).rejects.toThrow(
      'belongs to somebody else',
    )
  })
})
