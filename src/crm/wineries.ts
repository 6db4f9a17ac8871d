/** Wineries: one client, one customer base, one time zone of its own. */

import type { Selectable } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { WineryRow } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { didYouMean } from './near-names.ts'

export type Winery = Selectable<WineryRow>

export type NewWinery = {
  slug: string
  name: string
  timeZone?: string | undefined
  reservationContact?: string | undefined
}

/** For those who must not learn which wineries there are. */
export async function wineryBySlug(db: Db, slug: string): Promise<Winery | undefined> {
  return db.selectFrom('wineries').selectAll().where('slug', '=', slug).executeTakeFirst()
}

/** @throws Refusal not_found, with slugs that look like it */
export async function findWinery(db: Db, slug: string): Promise<Winery> {
  const row = await wineryBySlug(db, slug)
  if (row) return row
  const known = await db.selectFrom('wineries').select('slug').orderBy('slug').execute()
  throw new Refusal(
    'not_found',
    `There is no winery "${slug}".${didYouMean(
      slug,
      known.map((one) => one.slug),
    )}`,
    known.length === 0
      ? 'Add it: winery add --slug SLUG --name NAME'
      : 'See which there are: winery list. Or add it: winery add --slug SLUG --name NAME',
  )
}

/** What people see of wineries, by slug. */
export async function listWineries(
  db: Db,
  part: {
    /** Nothing but this winery. */
    only?: string | null
    /** A slug: those behind it. */
    after?: string | null
    limit?: number
  } = {},
) {
  return db
    .selectFrom('wineries as w')
    .select((eb) => [
      'w.slug as winery',
      'w.name',
      'w.time_zone',
      'w.reservation_contact',
      eb
        .selectFrom('brands as b')
        .whereRef('b.winery_id', '=', 'w.winery_id')
        .select(({ fn }) => fn.countAll<string>().as('brands'))
        .as('brands'),
      'w.created_at',
    ])
    .$if(part.only != null, (query) => query.where('w.winery_id', '=', part.only ?? ''))
    .$if(part.after != null, (query) => query.where('w.slug', '>', part.after ?? ''))
    .$if(part.limit !== undefined, (query) => query.limit(part.limit ?? 0))
    .orderBy('w.slug')
    .execute()
    .then((rows) => rows.map((row) => ({ ...row, brands: Number(row.brands) })))
}

/**
 * Adds a winery. One that is there under the same name takes over the zone and the contact that are given.
 * @throws Refusal invalid
 */
export async function addWinery(
  db: Db,
  given: NewWinery,
  actor: Actor,
): Promise<{ outcome: 'added' | 'updated' | 'unchanged'; winery: Winery }> {
  const name = given.name.trim()
  checkWinery({ ...given, name })
  const timeZone = given.timeZone === undefined ? undefined : knownTimeZone(given.timeZone)
  const contact = given.reservationContact?.trim()
  return db.transaction().execute(async (trx) => {
    const added = await trx
      .insertInto('wineries')
      .values({
        slug: given.slug,
        name,
        reservation_contact: contact ?? null,
        ...(timeZone === undefined ? {} : { time_zone: timeZone }),
      })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returningAll()
      .executeTakeFirst()
    const record = (winery: Winery, outcome: 'added' | 'updated') =>
      recordAudit(trx, {
        wineryId: winery.winery_id,
        actor,
        action: 'wineries.add',
        subject: winery.slug,
        details: {
          outcome,
          name,
          timeZone: winery.time_zone,
          reservationContact: winery.reservation_contact,
        },
      })
    if (added) {
      await record(added, 'added')
      return { outcome: 'added', winery: added }
    }
    const before = await findWinery(trx, given.slug)
    if (before.name !== name) {
      throw new Refusal(
        'invalid',
        `The slug "${given.slug}" belongs to another winery: "${before.name}".`,
        'Choose another slug, or give that name to change its time zone or contact.',
      )
    }
    const winery = {
      ...before,
      time_zone: timeZone ?? before.time_zone,
      reservation_contact: contact ?? before.reservation_contact,
    }
    if (winery.time_zone === before.time_zone && winery.reservation_contact === before.reservation_contact) {
      return { outcome: 'unchanged', winery }
    }
    await trx
      .updateTable('wineries')
      .set({ time_zone: winery.time_zone, reservation_contact: winery.reservation_contact })
      .where('winery_id', '=', before.winery_id)
      .execute()
    await record(winery, 'updated')
    return { outcome: 'updated', winery }
  })
}

export type WineryChange = {
  name?: string | undefined
  timeZone?: string | undefined
  /** null: nobody gets the mail after the pulls. */
  reservationContact?: string | null | undefined
}

/** Changes what is given and nothing else. @throws Refusal invalid */
export async function changeWinery(
  db: Db,
  winery: Winery,
  change: WineryChange,
  actor: Actor,
): Promise<void> {
  const { name = winery.name, timeZone, reservationContact } = change
  checkWinery({ slug: winery.slug, name: name.trim(), reservationContact: reservationContact ?? undefined })
  const values = {
    name: name.trim(),
    ...(timeZone === undefined ? {} : { time_zone: knownTimeZone(timeZone) }),
    ...(reservationContact === undefined ? {} : { reservation_contact: reservationContact?.trim() ?? null }),
  }
  await inWinery(db, winery.winery_id, async (trx) => {
    await trx.updateTable('wineries').set(values).where('winery_id', '=', winery.winery_id).execute()
    await recordAudit(trx, {
      wineryId: winery.winery_id,
      actor,
      action: 'settings.write',
      subject: winery.slug,
      details: change,
    })
  })
}

/** To be called, under the winery's lock, by whatever changes who a guest may be matched to. */
export async function moveIdentityOn(trx: WineryTransaction, wineryId: string): Promise<void> {
  await trx
    .updateTable('wineries')
    .set((eb) => ({ identity_revision: eb('identity_revision', '+', '1') }))
    .where('winery_id', '=', wineryId)
    .execute()
}

function checkWinery(given: NewWinery): void {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(given.slug)) {
    throw new Refusal(
      'invalid',
      `"${given.slug}" cannot be a slug.`,
      'A slug has small letters, digits and dashes, begins with a letter or digit, and has 63 at most: juniper-hill',
    )
  }
  if (given.name === '') throw new Refusal('invalid', 'A winery needs a name.', 'Give one.')
  if (given.reservationContact !== undefined && emailKey(given.reservationContact) === null) {
    throw new Refusal(
      'invalid',
      'The reservation contact is no e-mail address.',
      'Give the address of the person who gets the mail after the pulls.',
    )
  }
}

/** Its usual spelling. @throws Refusal invalid, with zones that look like it */
export function knownTimeZone(given: string): string {
  const wanted = given.trim().toLowerCase()
  const known = [...Intl.supportedValuesOf('timeZone'), 'UTC']
  const found = known.find((zone) => zone.toLowerCase() === wanted)
  if (found) return found
  // Older names ("US/Pacific") are known too, yet not listed. Offsets are no zones: they have no summer time.
  if (/^[a-z]/.test(wanted)) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: given.trim() })
      return given.trim()
    } catch {
      // not known: refused below
    }
  }
  throw new Refusal(
    'invalid',
    `There is no time zone "${given}".${didYouMean(given, known)}`,
    'Give an IANA name: America/Los_Angeles',
  )
}
