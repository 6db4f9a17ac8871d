/** The lists that users make: sources, types, tiers, locations, reservation types. Nothing gets on them by a typo. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { ListName } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { didYouMean, nearNames } from './near-names.ts'
import { similarNames } from './similar-names.ts'

export type ListEntry = { name: string; not_a_visit: boolean }

/** A part of a list, by name. */
export async function pageOfEntries(
  db: Db,
  wineryId: string,
  list: ListName,
  part: { after: string | null; limit: number },
): Promise<ListEntry[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListEntry>`
      select name, not_a_visit from ecellar.list_entries
      where winery_id = ${wineryId} and list = ${list}
        and (${part.after}::text is null or lower(name) > lower(${part.after}))
      order by lower(name)
      limit ${part.limit}`.execute(trx)
    return rows
  })
}

/** The entries that somebody may have meant, best first. */
export async function nearEntries(
  db: Db,
  wineryId: string,
  list: ListName,
  name: string,
): Promise<ListEntry[]> {
  const all = await inWinery(db, wineryId, (trx) =>
    trx
      .selectFrom('list_entries')
      .select(['name', 'not_a_visit'])
      .where('winery_id', '=', wineryId)
      .where('list', '=', list)
      .orderBy('name')
      .execute(),
  )
  const near = nearNames(
    name,
    all.map((entry) => entry.name),
  )
  return near.flatMap((found) => all.filter((entry) => entry.name === found))
}

/** For each of these names, the entries that it may be meant to be, best first. */
export async function similarEntries(
  db: Db,
  wineryId: string,
  list: ListName,
  names: (string | null)[],
): Promise<string[][]> {
  const entries = await inWinery(db, wineryId, (trx) =>
    trx
      .selectFrom('list_entries')
      .select('name')
      .where('winery_id', '=', wineryId)
      .where('list', '=', list)
      .execute(),
  )
  const known = entries.map((entry) => entry.name)
  return names.map((name) => (name === null ? [] : similarNames(name, known)))
}

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
      ? 'There is none yet: create it on purpose (--create; over HTTP "create": true).'
      : `Use one that is there (${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}), or create it on purpose (--create; over HTTP "create": true).`,
  )
}
