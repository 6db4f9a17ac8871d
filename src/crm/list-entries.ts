/** The lists that users make: sources, types, tiers, locations, reservation types. Nothing gets on them by a typo. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { ListName } from '../contract/vocabulary.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { didYouMean } from './near-names.ts'

/**
 * The entry with this name, however it is capitalised; made when `create` says so.
 * @throws Refusal invalid for an unknown name, with near ones
 */
export async function findOrCreateEntry(
  trx: WineryTransaction,
  wineryId: string,
  list: ListName,
  name: string,
  create: boolean,
): Promise<string> {
  const wanted = name.trim()
  if (wanted === '' || wanted.length > 200 || /\p{Cc}/u.test(wanted)) {
    throw new Refusal('invalid', `A ${list} needs a name.`, 'Give one of 200 characters at most.')
  }
  const entry = await findEntry(trx, wineryId, list, wanted)
  if (entry) return entry
  if (!create) throw await unknownEntry(trx, wineryId, list, wanted)
  await trx
    .insertInto('list_entries')
    .values({ winery_id: wineryId, list, name: wanted })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const made = await findEntry(trx, wineryId, list, wanted)
  if (!made) throw new Error(`The ${list} could not be created.`)
  return made
}

async function findEntry(
  trx: WineryTransaction,
  wineryId: string,
  list: ListName,
  name: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('list_entries')
    .select('entry_id')
    .where('winery_id', '=', wineryId)
    .where('list', '=', list)
    .where(sql`lower(name)`, '=', sql`lower(${name})`)
    .executeTakeFirst()
  return row?.entry_id
}

async function unknownEntry(
  trx: WineryTransaction,
  wineryId: string,
  list: ListName,
  name: string,
): Promise<Refusal> {
  const rows = await trx
    .selectFrom('list_entries')
    .select('name')
    .where('winery_id', '=', wineryId)
    .where('list', '=', list)
    .orderBy('name')
    .execute()
  const known = rows.map((row) => row.name)
  return new Refusal(
    'invalid',
    `There is no ${list} "${name}".${didYouMean(name, known)}`,
    known.length === 0
      ? `There is none yet: add --create to create it.`
      : `Use one that is there (${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}), or add --create to create it.`,
  )
}
