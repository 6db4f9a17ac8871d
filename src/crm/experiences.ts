/** The Tock Experiences List and its mapping to reservation types. Mapping never blocks a pull (rule 14). */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, rehearseInWinery, type WineryTransaction } from '../database/tenant-session.ts'
import type { Brand } from './brands.ts'
import { lastSeenBy } from './last-seen.ts'
import { findOrCreateEntry } from './list-entries.ts'
import { pickKnown } from './pick-known.ts'

/** A row of `reporting.experiences`. */
export type ListedExperience = {
  winery: string
  brand: string
  experience_id: string
  name: string | null
  variety: string | null
  reservations: number
  reservation_type: string | null
  not_a_visit: boolean
  ignored: boolean
  first_seen_at: Date
}

/** Those with something to do first. */
export async function listExperiences(
  db: Db,
  wineryId: string,
  brandCode?: string,
): Promise<ListedExperience[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedExperience>`
      select * from reporting.experiences
      where ${brandCode ?? null}::text is null or brand = ${brandCode ?? null}
      order by brand, reservation_type is not null or ignored, reservations desc, experience_id`.execute(trx)
    return rows
  })
}

/** Besides: what tells whether it is still of use. */
export type ExperienceOnPage = ListedExperience & {
  /** The latest snapshot that has shown a reservation of it. */
  last_seen_at: Date | null
  /** The business's day, `2026-05-31`. */
  last_reservation_on: string | null
}

/** A part of them, by brand and id. */
export async function pageOfExperiences(
  db: Db,
  wineryId: string,
  part: {
    brandIds: string[] | null
    state?: 'unmapped' | 'mapped' | 'ignored' | undefined
    /** Brand and id that the page before ended with. */
    after: [brand: string, experienceId: string] | null
    limit: number
  },
): Promise<ExperienceOnPage[]> {
  const { brandIds, state = null, after, limit } = part
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ExperienceOnPage>`
      select e.*, seen.last_seen_at, seen.last_reservation_on
      from reporting.experiences e
      left join (${lastSeenBy('experience_id', wineryId)}) seen
        on seen.brand = e.brand and seen.id = e.experience_id
      where (${brandIds}::bigint[] is null
          or e.brand in (select b.code from ecellar.brands b where b.brand_id = any(${brandIds}::bigint[])))
        and (${state}::text is null or ${state} = case
          when e.reservation_type is not null then 'mapped'
          when e.ignored then 'ignored'
          else 'unmapped' end)
        and (${after === null} or (e.brand, e.experience_id) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''}))
      order by e.brand, e.experience_id
      limit ${limit}`.execute(trx)
    return rows
  })
}

export type MappedExperience = {
  /** Of this experience, before now: the mapping applies to them too. */
  pastReservations: number
  reservations: number
  experienceId: string
  experience: string | null
  reservationType: string
  notAVisit: boolean
  /** Other experiences with the same reservation type. */
  sharedWith: number
}

/** @throws Refusal not_found (the experience), invalid (the reservation type) */
export async function mapExperience(
  db: Db,
  brand: Brand,
  given: {
    experienceId: string
    reservationType: string
    create: boolean
    /** Marks the reservation type; undefined leaves it as it is. */
    notAVisit?: boolean | undefined
    /** Only to say what would happen. */
    dryRun?: boolean | undefined
  },
  actor: Actor,
): Promise<MappedExperience> {
  const run = given.dryRun ? rehearseInWinery : inWinery
  return run(db, brand.winery_id, async (trx) => {
    const experience = await findExperience(trx, brand, given.experienceId)
    const counted = await countReservations(trx, brand, experience.experience_id)
    const typeId = await findOrCreateEntry(
      trx,
      brand.winery_id,
      'reservation type',
      given.reservationType,
      given.create,
    )
    if (given.notAVisit !== undefined) {
      await trx
        .updateTable('list_entries')
        .set({ not_a_visit: given.notAVisit })
        .where('winery_id', '=', brand.winery_id)
        .where('entry_id', '=', typeId)
        .execute()
    }
    await update(trx, brand, experience, { reservation_type_id: typeId })
    const type = await trx
      .selectFrom('list_entries')
      .select(['name', 'not_a_visit'])
      .where('winery_id', '=', brand.winery_id)
      .where('entry_id', '=', typeId)
      .executeTakeFirstOrThrow()
    const { sharing } = await trx
      .selectFrom('experiences')
      .select(({ fn }) => fn.countAll<string>().as('sharing'))
      .where('winery_id', '=', brand.winery_id)
      .where('reservation_type_id', '=', typeId)
      .executeTakeFirstOrThrow()
    await record(trx, brand, experience, actor, {
      reservationType: type.name,
      notAVisit: type.not_a_visit,
      ...counted,
    })
    return {
      ...counted,
      experienceId: experience.experience_id,
      experience: experience.name,
      reservationType: type.name,
      notAVisit: type.not_a_visit,
      sharedWith: Number(sharing) - 1,
    }
  })
}

/** Takes the reservation type off again; the experience is unmapped. */
export async function unmapExperience(
  db: Db,
  brand: Brand,
  given: { experienceId: string; dryRun?: boolean | undefined },
  actor: Actor,
): Promise<{
  pastReservations: number
  reservations: number
  experienceId: string
  experience: string | null
}> {
  const run = given.dryRun ? rehearseInWinery : inWinery
  return run(db, brand.winery_id, async (trx) => {
    const experience = await findExperience(trx, brand, given.experienceId)
    const counted = await countReservations(trx, brand, experience.experience_id)
    await update(trx, brand, experience, { reservation_type_id: null })
    await record(trx, brand, experience, actor, { reservationType: null, ...counted })
    return { ...counted, experienceId: experience.experience_id, experience: experience.name }
  })
}

/** Takes an experience off the to-do list, or puts it back; its reservations are kept all the same. */
export async function ignoreExperience(
  db: Db,
  brand: Brand,
  experienceId: string,
  ignored: boolean,
  actor: Actor,
): Promise<{ experienceId: string; experience: string | null; ignored: boolean }> {
  return inWinery(db, brand.winery_id, async (trx) => {
    const experience = await findExperience(trx, brand, experienceId)
    await update(trx, brand, experience, { ignored })
    await record(trx, brand, experience, actor, { ignored })
    return { experienceId: experience.experience_id, experience: experience.name, ignored }
  })
}

type Known = { experience_id: string; name: string | null }

function update(
  trx: WineryTransaction,
  brand: Brand,
  { experience_id }: Known,
  change: { reservation_type_id: string | null } | { ignored: boolean },
) {
  return trx
    .updateTable('experiences')
    .set(change)
    .where('winery_id', '=', brand.winery_id)
    .where('brand_id', '=', brand.brand_id)
    .where('experience_id', '=', experience_id)
    .execute()
}

function record(
  trx: WineryTransaction,
  brand: Brand,
  { experience_id }: Known,
  actor: Actor,
  details: Record<string, unknown>,
) {
  const subject = `${brand.code}: experience ${experience_id}`
  return recordAudit(trx, { wineryId: brand.winery_id, actor, action: 'mapping.write', subject, details })
}

async function findExperience(trx: WineryTransaction, brand: Brand, wanted: string): Promise<Known> {
  const known = await trx
    .selectFrom('experiences')
    .select(['experience_id', 'experience_id as id', 'name'])
    .where('winery_id', '=', brand.winery_id)
    .where('brand_id', '=', brand.brand_id)
    .execute()
  return pickKnown(known, wanted, {
    brand: brand.code,
    thing: 'experience',
    whenNone: 'The list grows from what pulls bring: run the initial pull first.',
  })
}

async function countReservations(
  trx: WineryTransaction,
  brand: Brand,
  experienceId: string,
): Promise<{ pastReservations: number; reservations: number }> {
  const { rows } = await sql<{ past: number; all: number }>`
    select count(*) filter (where starts_at < now())::int as past, count(*)::int as all
    from ecellar.reservations
    where winery_id = ${brand.winery_id} and brand_id = ${brand.brand_id} and experience_id = ${experienceId}`.execute(
    trx,
  )
  return { pastReservations: rows[0]?.past ?? 0, reservations: rows[0]?.all ?? 0 }
}
