/**
 * Seals what must not stand in the database in clear: Tock keys, passwords, the keys of the installation. A sealed
 * text is a JWE that says which key sealed it and whom it is for, so that a row copied to another winery opens nothing.
 */

import { randomBytes } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import type { Config } from '../config.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { type EncryptionKey, encryptionKeys } from './encryption-keys.ts'
import { sealAnew } from './seal-anew.ts'
import { installationBinding } from './stored-secrets.ts'

export type Secrets = {
  seal(text: string, boundTo: string): Promise<string>
  open(sealed: string, boundTo: string): Promise<string>
  /** 32 bytes, its own key: what ENCRYPTION_KEY becomes later changes no hash (rule 22). */
  erasureKey(): Promise<Uint8Array>
  /** 32 bytes that sign sessions and encrypt second factors: the same for all processes of the installation. */
  signInKey(): Promise<Uint8Array>
}

/** Opens the door to what is sealed; with several keys, whatever an earlier one sealed is sealed anew by the first. */
export async function openSecrets(options: {
  db: Db
  config: Config
  note: (line: string) => void
}): Promise<Secrets> {
  const keys = await encryptionKeys(options)
  const seal = (text: string, boundTo: string) => sealText(keys[0], text, boundTo)
  const open = (sealed: string, boundTo: string) => openText(keys, sealed, boundTo)
  if (keys.length > 1) {
    const count = await sealAnew(options.db, {
      open,
      seal,
      isCurrent: (sealed) => kidOf(sealed) === keys[0].kid,
    })
    if (count > 0) options.note(`${count} stored secrets were sealed anew with the present ENCRYPTION_KEY.`)
  }
  const made = new Map<string, Promise<Uint8Array>>()
  const installationKey = (name: InstallationKey) => {
    const known = made.get(name)
    if (known) return known
    const key = readOrMakeKey(options.db, { seal, open }, name)
    made.set(name, key)
    // One failure (the database was away) is not for ever.
    key.catch(() => made.delete(name))
    return key
  }
  return {
    seal,
    open,
    erasureKey: () => installationKey('erasure'),
    signInKey: () => installationKey('sign-in'),
  }
}

type InstallationKey = 'erasure' | 'sign-in'

async function sealText(key: EncryptionKey, text: string, boundTo: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.kid, for: boundTo })
    .encrypt(key.bytes)
}

async function openText(keys: EncryptionKey[], sealed: string, boundTo: string): Promise<string> {
  const key = keys.find(({ kid }) => kid === kidOf(sealed))
  if (!key) {
    throw new Refusal(
      'invalid',
      'A stored secret was sealed with another ENCRYPTION_KEY.',
      'Put the earlier key behind the present one in ENCRYPTION_KEY, with a comma between them.',
    )
  }
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key.bytes, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  }).catch(() => {
    throw new Error('A stored secret is damaged. Store it again.')
  })
  if (protectedHeader.for !== boundTo) {
    throw new Error('A stored secret belongs to somebody else: its row was moved. Store it again.')
  }
  return new TextDecoder().decode(plaintext)
}

function kidOf(sealed: string): string | undefined {
  try {
    return decodeProtectedHeader(sealed).kid
  } catch {
    throw new Error('A stored secret is damaged. Store it again.')
  }
}

async function readOrMakeKey(
  db: Db,
  secrets: Pick<Secrets, 'seal' | 'open'>,
  name: InstallationKey,
): Promise<Uint8Array> {
  const boundTo = installationBinding(name)
  const read = () =>
    db.selectFrom('installation_secrets').select('sealed').where('name', '=', name).executeTakeFirst()
  let row = await read()
  if (!row) {
    const sealed = await secrets.seal(randomBytes(32).toString('base64'), boundTo)
    await db
      .insertInto('installation_secrets')
      .values({ name, sealed })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    row = await read()
  }
  if (!row) throw new Error(`The installation's ${name} key could not be stored.`)
  return Buffer.from(await secrets.open(row.sealed, boundTo), 'base64')
}
