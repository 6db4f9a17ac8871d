/** The keys that seal what is stored encrypted: those of ENCRYPTION_KEY, and the one of the data folder. */

import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'

export type EncryptionKey = { kid: string; bytes: Uint8Array }

/**
 * The keys, the one that seals first. Where none is set and the data folder has none, one is made.
 * @throws Refusal `invalid` when something is sealed already and its key is gone: a new one would open nothing
 */
export async function encryptionKeys(options: {
  db: Db
  config: Config
  note: (line: string) => void
}): Promise<[EncryptionKey, ...EncryptionKey[]]> {
  const { config } = options
  const file = join(config.dataDir, 'encryption-key')
  const kept = await readKeyFile(file)
  const [first, ...others] = (config.encryptionKey ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(toKey)
  // Setting ENCRYPTION_KEY later must not lock up what the folder's key has sealed.
  if (first) return [first, ...others, ...(kept ? [kept] : [])]
  if (config.databaseUrl !== undefined) {
    options.note(
      `ENCRYPTION_KEY is not set: the key in "${file}" is used. Other machines cannot open what it seals; set ENCRYPTION_KEY and keep a copy of it.`,
    )
  }
  return [kept ?? (await makeKey(options.db, config.dataDir, file))]
}

async function makeKey(db: Db, dataDir: string, file: string): Promise<EncryptionKey> {
  const { rows } = await sql<{ sealed: boolean }>`
    select exists (select from ecellar.tock_keys)
      or exists (select from ecellar.installation_secrets)
      or exists (select from ecellar.analyst_logins)
      or exists (select from ecellar.outbox where sealed_link is not null)
      or exists (select from ecellar.handed_keys where sealed is not null) as sealed`.execute(db)
  if (rows[0]?.sealed) {
    throw new Refusal(
      'invalid',
      `The database holds sealed secrets, and neither ENCRYPTION_KEY nor "${file}" has their key.`,
      'Set ENCRYPTION_KEY to the key that sealed them, or bring back that file.',
    )
  }
  await mkdir(dataDir, { recursive: true })
  // Written aside and linked into place: two programs that start together end with one key, and it is whole.
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = await open(aside, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`)
    await handle.sync()
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await handle.close()
    await rm(aside, { force: true })
  }
  const made = await readKeyFile(file)
  if (!made) throw new Error(`The encryption key could not be kept in "${file}".`)
  return made
}

async function readKeyFile(file: string): Promise<EncryptionKey | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  return text === undefined ? undefined : toKey(text)
}

function toKey(text: string): EncryptionKey {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length !== 32) {
    throw new Refusal(
      'invalid',
      'The encryption key is not 32 bytes in base64.',
      'Make one with: openssl rand -base64 32',
    )
  }
  // Names the key without telling anything of it.
  const kid = createHash('sha256').update('ecellar-tock key ').update(bytes).digest('base64url').slice(0, 12)
  return { kid, bytes }
}
