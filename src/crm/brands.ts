/** Brands of a winery, each with its one business in Tock. */

import { type Selectable, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { BrandRow } from '../database/rows.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { didYouMean } from './near-names.ts'
import { findWinery, moveIdentityOn, type Winery } from './wineries.ts'

export type Brand = Selectable<BrandRow>
export type BrandOutcome = 'added' | 'updated' | 'unchanged' | 'another business'

/** By its Brand Code, however it is capitalised. */
export async function brandByCode(db: Db, wineryId: string, code: string): Promise<Brand | undefined> {
  return db
    .selectFrom('brands')
    .selectAll()
    .where('winery_id', '=', wineryId)
    .where(sql`lower(code)`, '=', code.trim().toLowerCase())
    .executeTakeFirst()
}

/** The same for people at a terminal. @throws Refusal not_found, with codes that look like it */
export async function findBrand(db: Db, wineryId: string, code: string): Promise<Brand> {
  const brands = await listBrandRows(db, wineryId)
  const wanted = code.trim().toLowerCase()
  const found = brands.find((brand) => brand.code.toLowerCase() === wanted)
  if (found) return found
  const known = brands.map((brand) => brand.code)
  throw new Refusal(
    'not_found',
    `This winery has no brand "${code}".${didYouMean(code, known)}`,
    known.length === 0
      ? 'Add it: brand add --winery SLUG --code CODE --name NAME --business-group ID --business ID'
      : `Its brands are: ${known.join(', ')}. Or add it: brand add`,
  )
}

/** By slug and Brand Code, as people name them. @throws Refusal not_found */
export async function findPlace(
  db: Db,
  of: { winery: string; brand: string },
): Promise<{ winery: Winery; brand: Brand }>
export async function findPlace(
  db: Db,
  of: { winery: string; brand?: string | undefined },
): Promise<{ winery: Winery; brand: Brand | undefined }>
export async function findPlace(db: Db, of: { winery: string; brand?: string | undefined }) {
  const winery = await findWinery(db, of.winery)
  return {
    winery,
    brand: of.brand === undefined ? undefined : await findBrand(db, winery.winery_id, of.brand),
  }
}

export async function listBrandRows(db: Db, wineryId: string): Promise<Brand[]> {
  return db.selectFrom('brands').selectAll().where('winery_id', '=', wineryId).orderBy('code').execute()
}

/** Slug and Brand Codes of what somebody belongs to; null stays null. */
export async function namesOfPlace(
  db: Db,
  wineryId: string | null,
  brandIds: string[] | null,
): Promise<{ winery: string | null; brands: string[] | null }> {
  const winery =
    wineryId === null
      ? undefined
      : await db.selectFrom('wineries').select('slug').where('winery_id', '=', wineryId).executeTakeFirst()
  const brands =
    brandIds === null || brandIds.length === 0
      ? brandIds
      : await db
          .selectFrom('brands')
          .select('code')
          .where('winery_id', '=', wineryId)
          .where('brand_id', 'in', brandIds)
          .orderBy('code')
          .execute()
          .then((rows) => rows.map((row) => row.code))
  return { winery: winery?.slug ?? null, brands }
}

/** What people see of brands. */
export async function listBrands(
  db: Db,
  wineryId?: string,
  part: {
    /** Nothing but these; null: all. */
    only?: string[] | null
    /** A Brand Code: those behind it. */
    after?: string | null
    limit?: number
  } = {},
) {
  return db
    .selectFrom('brands as b')
    .innerJoin('wineries as w', 'w.winery_id', 'b.winery_id')
    .leftJoin('brand_businesses as bb', (join) =>
      join
        .onRef('bb.winery_id', '=', 'b.winery_id')
        .onRef('bb.brand_id', '=', 'b.brand_id')
        .onRef('bb.business_id', '=', 'b.business_id'),
    )
    .select([
      'w.slug as winery',
      'b.code as brand',
      'b.name',
      'b.business_group_id',
      'b.business_id',
      'bb.business_name',
      'bb.time_zone',
      'b.enabled_at',
      'bb.initial_pull_id',
      'bb.last_pull_id',
      'bb.last_snapshot_at',
    ])
    .$if(wineryId !== undefined, (query) => query.where('b.winery_id', '=', wineryId ?? ''))
    .$if(part.only != null, (query) => query.where('b.brand_id', '=', sql<string>`any(${part.only ?? []})`))
    .$if(part.after != null, (query) => query.where('b.code', '>', part.after ?? ''))
    .$if(part.limit !== undefined, (query) => query.limit(part.limit ?? 0))
    .orderBy('w.slug')
    .orderBy('b.code')
    .execute()
}

/**
 * Adds a brand, or changes the name and the ids of the one with this code. Another business makes the next pull an
 * initial one; what was pulled from the earlier business stays as history.
 * @throws Refusal invalid
 */
export async function addBrand(
  db: Db,
  wineryId: string,
  given: {
    code: string
    name: string
    businessGroupId: string
    businessId: string
    /** One of this code that is there is not to be changed. */
    mustBeNew?: boolean
  },
  actor: Actor,
): Promise<{ outcome: BrandOutcome; brand: Brand }> {
  const values = {
    code: checkedCode(given.code),
    name: given.name.trim(),
    business_group_id: digits(given.businessGroupId, 'Business Group ID'),
    business_id: digits(given.businessId, 'Business ID'),
  }
  if (values.name === '') throw new Refusal('invalid', 'A brand needs a name.', 'Give one.')
  await refuseTakenBusiness(db, { wineryId, code: values.code, businessId: values.business_id })
  return inWinery(db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const before = (
      await trx.selectFrom('brands').selectAll().where('winery_id', '=', wineryId).execute()
    ).find((brand) => brand.code.toLowerCase() === values.code.toLowerCase())
    const outcome = outcomeOf(before, values)
    if (given.mustBeNew && outcome !== 'added' && outcome !== 'unchanged') {
      throw new Refusal(
        'invalid',
        `There is a brand ${before?.code} already, with another name or other ids.`,
        'Choose another Brand Code, or change that brand.',
      )
    }
    if (before && outcome === 'unchanged') return { outcome, brand: before }
    const brand = before
      ? await changeBrand(trx, before, values, outcome)
      : await trx
          .insertInto('brands')
          .values({ winery_id: wineryId, ...values })
          .returningAll()
          .executeTakeFirstOrThrow()
    if (outcome !== 'updated') {
      await expectInitialPull(trx, brand)
      await moveIdentityOn(trx, wineryId)
    }
    const { code: subject, ...details } = values
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'brands.write',
      subject,
      details: { outcome, ...details },
    })
    return { outcome, brand }
  }).catch((error: unknown) => {
    // Somebody else took it since it was looked at.
    if (isTaken(error)) throw takenBusiness(values.business_id)
    throw error
  })
}

function outcomeOf(
  before: Brand | undefined,
  values: Pick<Brand, 'code' | 'name' | 'business_group_id' | 'business_id'>,
): BrandOutcome {
  if (!before) return 'added'
  if (before.business_id !== values.business_id || before.business_group_id !== values.business_group_id) {
    return 'another business'
  }
  return before.name === values.name && before.code === values.code ? 'unchanged' : 'updated'
}

async function changeBrand(
  trx: WineryTransaction,
  before: Brand,
  values: Pick<Brand, 'code' | 'name' | 'business_group_id' | 'business_id'>,
  outcome: BrandOutcome,
): Promise<Brand> {
  return trx
    .updateTable('brands')
    .set({ ...values, ...(outcome === 'another business' ? { enabled_at: null } : {}) })
    .where('winery_id', '=', before.winery_id)
    .where('brand_id', '=', before.brand_id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The brand's business is another one now. */
export async function expectInitialPull(trx: WineryTransaction, brand: Brand): Promise<void> {
  const { winery_id, brand_id, business_id, business_group_id } = brand
  await trx
    .insertInto('brand_businesses')
    .values({ winery_id, brand_id, business_id, business_group_id })
    .onConflict((conflict) =>
      conflict
        .columns(['winery_id', 'brand_id', 'business_id'])
        .doUpdateSet({ business_group_id, initial_pull_id: null }),
    )
    .execute()
  // Files known as unchanged belong to applied pulls only (rule 9), and there is none of this business any more.
  await sql`
    delete from ecellar.snapshot_files where winery_id = ${winery_id} and brand_id = ${brand_id}`.execute(trx)
}

async function refuseTakenBusiness(
  db: Db,
  asked: { wineryId: string; code: string; businessId: string },
): Promise<void> {
  const owner = await db
    .selectFrom('brands')
    .select(['winery_id', 'code'])
    .where('business_id', '=', asked.businessId)
    .executeTakeFirst()
  if (!owner) return
  if (owner.winery_id === asked.wineryId && owner.code.toLowerCase() === asked.code.toLowerCase()) return
  throw takenBusiness(asked.businessId)
}

// Which brand has it stays unsaid: it may be another winery's.
export function takenBusiness(businessId: string): Refusal {
  return new Refusal(
    'invalid',
    `Business ID ${businessId} is another brand's. A Business ID belongs to one brand: two would pull the same guests.`,
    'Check the ID with the winery, or look at the list of brands.',
  )
}

/** Whether the database refused because a Business ID is another brand's. */
export function isTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === '23505' &&
    'constraint' in error &&
    error.constraint === 'brands_business'
  )
}

function checkedCode(code: string): string {
  const text = code.trim()
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._&+-]{0,39}$/u.test(text)) return text
  throw new Refusal(
    'invalid',
    `"${code}" cannot be a Brand Code.`,
    'A Brand Code begins with a letter or digit and has 40 characters at most: JH',
  )
}

function digits(given: string, what: string): string {
  const text = given.trim()
  if (/^\d{1,20}$/.test(text)) return text
  throw new Refusal(
    'invalid',
    `The ${what} "${given}" is no number.`,
    `Tock's ids are digits alone; the winery gets its ${what} from Tock.`,
  )
}
