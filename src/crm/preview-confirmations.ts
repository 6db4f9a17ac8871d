/**
 * A winery admin confirms what a preview says its initial pull would do; Support runs that pull only then. A
 * confirmation holds while nothing that was looked at has changed: it is void once a later preview has other figures,
 * once new customers would get another source, type or tier, or once the brand is another Tock business.
 */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../database/tenant-session.ts'
import type { Brand } from './brands.ts'

export type PreviewConfirmation = {
  /** The preview's. */
  pullId: string
  /** The counts of that preview, by their columns of `reporting.pulls`. */
  figures: Record<string, number>
  confirmedAt: Date
  confirmedById: string
  confirmedByName: string
}

export const voidReasons = ['newer preview', 'settings changed', 'another business'] as const
export type VoidReason = (typeof voidReasons)[number]

/** The confirmation that holds now; for `mustMatchPullId` of an initial pull. */
export async function confirmedPreview(
  db: Db,
  wineryId: Id,
  brandId: Id,
): Promise<PreviewConfirmation | null> {
  const last = await lastConfirmation(db, wineryId, brandId)
  return last === null || last.voidBecause !== null ? null : last
}

/** The latest confirmation, and why it no longer holds where it does not. */
export async function lastConfirmation(
  db: Db,
  wineryId: Id,
  brandId: Id,
): Promise<(PreviewConfirmation & { voidBecause: VoidReason | null }) | null> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<PreviewConfirmation & { voidBecause: VoidReason | null }>`
      select
        c.pull_id as "pullId",
        c.figures,
        c.confirmed_at as "confirmedAt",
        c.confirmed_by_id as "confirmedById",
        c.confirmed_by_name as "confirmedByName",
        case
          when b.business_id <> c.business_id then 'another business'
          when exists (
            select from ecellar.pulls p
            where ${isPreviewOf('p', wineryId, brandId)}
              and p.business_id = c.business_id
              and p.pull_id > c.pull_id
              and ${figuresOf('p')} <> c.figures
          ) then 'newer preview'
          when c.defaults <> ${defaultsNow(wineryId, brandId)} then 'settings changed'
        end as "voidBecause"
      from ecellar.preview_confirmations c
      join ecellar.brands b on b.winery_id = c.winery_id and b.brand_id = c.brand_id
      where c.winery_id = ${wineryId} and c.brand_id = ${brandId}
      order by c.confirmed_at desc, c.pull_id desc
      limit 1`.execute(trx)
    return rows[0] ?? null
  })
}

/** Confirming the same preview again is fine. @throws Refusal not_found, invalid */
export async function confirmPreview(
  options: { db: Db; brand: Brand; actor: Actor; now?: Date },
  pullId: string,
): Promise<PreviewConfirmation> {
  const { db, brand, actor, now = new Date() } = options
  const { winery_id: wineryId, brand_id: brandId, business_id: businessId } = brand
  return inWinery(db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    await assertNotPulled(trx, brand)
    const { rows } = await sql<{ figures: Record<string, number>; isLatest: boolean }>`
      select
        ${figuresOf('p')} as figures,
        not exists (
          select from ecellar.pulls later
          where ${isPreviewOf('later', wineryId, brandId)}
            and later.business_id = p.business_id
            and later.pull_id > p.pull_id
            and ${figuresOf('later')} <> ${figuresOf('p')}
        ) as "isLatest"
      from ecellar.pulls p
      where ${isPreviewOf('p', wineryId, brandId)}
        and p.business_id = ${businessId}
        and p.pull_id = ${/^\d{1,18}$/.test(pullId) ? pullId : null}`.execute(trx)
    const preview = rows[0]
    if (!preview) {
      throw new Refusal(
        'not_found',
        `Brand ${brand.code} has no preview ${pullId} of its present business.`,
        'Take the number of a preview from the list of pulls, or run one.',
      )
    }
    if (!preview.isLatest) {
      throw new Refusal(
        'invalid',
        `A later preview than ${pullId} has other figures.`,
        'Look at the latest preview and confirm that.',
      )
    }
    await sql`
      insert into ecellar.preview_confirmations (winery_id, brand_id, pull_id, business_id, figures, defaults,
        confirmed_at, confirmed_by_id, confirmed_by_name)
      values (${wineryId}, ${brandId}, ${pullId}, ${businessId}, ${JSON.stringify(preview.figures)}::jsonb,
        ${defaultsNow(wineryId, brandId)}, ${now}, ${actor.id}, ${actor.name})
      on conflict (winery_id, brand_id, pull_id) do update
      set figures = excluded.figures, defaults = excluded.defaults, confirmed_at = excluded.confirmed_at,
        confirmed_by_id = excluded.confirmed_by_id, confirmed_by_name = excluded.confirmed_by_name`.execute(
      trx,
    )
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'pulls.confirm',
      subject: `pull ${pullId}`,
      details: { brand: brand.code, ...preview.figures },
    })
    return {
      pullId,
      figures: preview.figures,
      confirmedAt: now,
      confirmedById: actor.id,
      confirmedByName: actor.name,
    }
  })
}

async function assertNotPulled(trx: WineryTransaction, brand: Brand): Promise<void> {
  const pulled = await trx
    .selectFrom('brand_businesses')
    .select('initial_pull_id')
    .where('winery_id', '=', brand.winery_id)
    .where('brand_id', '=', brand.brand_id)
    .where('business_id', '=', brand.business_id)
    .executeTakeFirst()
  if (!pulled?.initial_pull_id) return
  throw new Refusal(
    'invalid',
    `Brand ${brand.code} has had its initial pull (${pulled.initial_pull_id}).`,
    'Nothing is left to confirm.',
  )
}

const isPreviewOf = (table: string, wineryId: Id, brandId: Id) => sql<boolean>`(
  ${sql.ref(`${table}.winery_id`)} = ${wineryId} and ${sql.ref(`${table}.brand_id`)} = ${brandId}
  and ${sql.ref(`${table}.kind`)} = 'preview' and ${sql.ref(`${table}.status`)} = 'previewed')`

/** What a person looks at: the counts; not when, how fast, or out of how many files. */
const figuresOf = (table: string) => sql`(
  select jsonb_object_agg(key, value)
  from jsonb_each(to_jsonb(${sql.ref(table)}))
  where key ~ '^(reservations|guests|customers|experiences|locations)_')`

/** Guests without a reservation get the winery's own, so that these count as well. */
const defaultsNow = (wineryId: Id, brandId: Id) => sql`(
  select jsonb_build_object(
    'source', coalesce(own.customer_source_id, base.customer_source_id),
    'type', coalesce(own.customer_type_id, base.customer_type_id),
    'tier', coalesce(own.allocation_tier_id, base.allocation_tier_id),
    'winerySource', base.customer_source_id,
    'wineryType', base.customer_type_id,
    'wineryTier', base.allocation_tier_id)
  from (values (1)) as one (row)
  left join ecellar.web_store_settings own on own.winery_id = ${wineryId} and own.brand_id = ${brandId}
  left join ecellar.web_store_settings base on base.winery_id = ${wineryId} and base.brand_id = 0)`
