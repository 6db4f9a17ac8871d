/** Web Store Settings: what new customers get, the winery's and a brand's own, and how the winery wants its pulls. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { MailPolicy, NightMail } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { findOrCreateEntry } from './list-entries.ts'
import { moveIdentityOn, type Winery } from './wineries.ts'

export type Defaults = {
  customerSource: string | null
  customerType: string | null
  allocationTier: string | null
}

export type ShownSettings = {
  winery: string
  name: string
  timeZone: string
  reservationContact: string | null
  nightlyRelease: string
  mailPolicy: MailPolicy
  nightMail: NightMail
  historyDays: number
  guardPercent: number
  guestsWithoutReservation: boolean
  /** Whether notes, dietary ones among them, may leave in exports. */
  exportNotes: boolean
  sharedAddresses: string[]
  /** The winery's own, which its brands override. */
  defaults: Defaults
  brands: { brand: string; name: string; own: Defaults; effective: Defaults }[]
}

export type SettingsChange = {
  /** null, for a brand: the winery's. */
  customerSource?: string | null | undefined
  customerType?: string | null | undefined
  /** null or `none` takes the tier off; for a brand: the winery's. */
  allocationTier?: string | null | undefined
  create?: boolean | undefined
  /** The winery's alone, whatever brand is named. */
  nightlyRelease?: string | undefined
  mailPolicy?: MailPolicy | undefined
  nightMail?: NightMail | undefined
  sharedAddresses?: string[] | undefined
  /** Taken off the list. */
  unsharedAddresses?: string[] | undefined
  historyDays?: number | undefined
  guardPercent?: number | undefined
  guestsWithoutReservation?: boolean | undefined
  exportNotes?: boolean | undefined
}

export async function showSettings(db: Db, winery: Winery): Promise<ShownSettings> {
  return inWinery(db, winery.winery_id, async (trx) => {
    const brands = await readDefaults(trx, winery.winery_id)
    const current = await trx
      .selectFrom('wineries')
      .selectAll()
      .where('winery_id', '=', winery.winery_id)
      .executeTakeFirstOrThrow()
    const shared = await trx
      .selectFrom('shared_addresses')
      .select('email_key')
      .where('winery_id', '=', winery.winery_id)
      .where('is_shared', '=', true)
      .orderBy('email_key')
      .execute()
    const base = brands.find((row) => row.brand === null)
    const defaults = base
      ? defaultsOf(base)
      : { customerSource: null, customerType: null, allocationTier: null }
    return {
      winery: current.slug,
      name: current.name,
      timeZone: current.time_zone,
      reservationContact: current.reservation_contact,
      nightlyRelease: current.nightly_release,
      mailPolicy: current.mail_policy,
      nightMail: current.night_mail,
      historyDays: current.history_days,
      guardPercent: current.guard_percent,
      guestsWithoutReservation: current.guests_without_reservation,
      exportNotes: current.export_notes,
      sharedAddresses: shared.map((row) => row.email_key),
      defaults,
      brands: brands
        .filter((row) => row.brand !== null)
        .map((row) => {
          const own = defaultsOf(row)
          const effective = {
            customerSource: own.customerSource ?? defaults.customerSource,
            customerType: own.customerType ?? defaults.customerType,
            allocationTier: own.allocationTier ?? defaults.allocationTier,
          }
          return { brand: row.brand ?? '', name: row.name ?? '', own, effective }
        }),
    }
  })
}

/** A part of the shared-address list. */
export async function pageOfSharedAddresses(
  db: Db,
  wineryId: string,
  part: { after: string | null; limit: number },
): Promise<{ address: string }[]> {
  return inWinery(db, wineryId, (trx) =>
    trx
      .selectFrom('shared_addresses')
      .select('email_key as address')
      .where('winery_id', '=', wineryId)
      .where('is_shared', '=', true)
      .$if(part.after !== null, (query) => query.where('email_key', '>', part.after ?? ''))
      .orderBy('email_key')
      .limit(part.limit)
      .execute(),
  )
}

/** Changes what is given and nothing else. @throws Refusal invalid */
export async function changeSettings(
  db: Db,
  wineryId: string,
  brandId: string | '0',
  change: SettingsChange,
  actor: Actor,
): Promise<void> {
  const shared = (change.sharedAddresses ?? []).map(sharedAddressKey)
  const unshared = (change.unsharedAddresses ?? []).map(sharedAddressKey)
  checkNumbers(change)
  await inWinery(db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    await changeDefaults(trx, wineryId, brandId, change)
    const winery = {
      ...(change.nightlyRelease === undefined ? {} : { nightly_release: change.nightlyRelease }),
      ...(change.mailPolicy === undefined ? {} : { mail_policy: change.mailPolicy }),
      ...(change.nightMail === undefined ? {} : { night_mail: change.nightMail }),
      ...(change.historyDays === undefined ? {} : { history_days: change.historyDays }),
      ...(change.guardPercent === undefined ? {} : { guard_percent: change.guardPercent }),
      ...(change.guestsWithoutReservation === undefined
        ? {}
        : { guests_without_reservation: change.guestsWithoutReservation }),
      ...(change.exportNotes === undefined ? {} : { export_notes: change.exportNotes }),
    }
    if (Object.keys(winery).length > 0) {
      await trx.updateTable('wineries').set(winery).where('winery_id', '=', wineryId).execute()
    }
    if (shared.length > 0) await shareAddresses(trx, wineryId, shared)
    if (unshared.length > 0) await unshareAddresses(trx, wineryId, unshared)
    if (shared.length > 0 || unshared.length > 0 || change.guestsWithoutReservation !== undefined) {
      await moveIdentityOn(trx, wineryId)
    }
    const brand = await trx
      .selectFrom('brands')
      .select('code')
      .where('winery_id', '=', wineryId)
      .where('brand_id', '=', brandId)
      .executeTakeFirst()
    const { sharedAddresses: _, unsharedAddresses: __, create: ___, ...told } = change
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'settings.write',
      subject: brand?.code ?? null,
      // Addresses are people's: how many, not which.
      details: {
        ...told,
        ...(shared.length > 0 ? { sharedAddresses: shared.length } : {}),
        ...(unshared.length > 0 ? { unsharedAddresses: unshared.length } : {}),
      },
    })
  })
}

/** Puts addresses on the shared-address list; what was proposed about them is settled. */
export async function shareAddresses(
  trx: WineryTransaction,
  wineryId: string,
  keys: string[],
): Promise<void> {
  await trx
    .insertInto('shared_addresses')
    .values(keys.map((email_key) => ({ winery_id: wineryId, email_key, is_shared: true })))
    .onConflict((conflict) => conflict.columns(['winery_id', 'email_key']).doUpdateSet({ is_shared: true }))
    .execute()
  await trx
    .updateTable('exceptions')
    .set({ resolved_at: new Date() })
    .where('winery_id', '=', wineryId)
    .where('code', '=', 'shared_address_proposed')
    .where('subject', 'in', keys)
    .where('resolved_at', 'is', null)
    .execute()
}

/** What was proposed about them is proposed anew where it still holds. */
async function unshareAddresses(trx: WineryTransaction, wineryId: string, keys: string[]): Promise<void> {
  await trx
    .deleteFrom('shared_addresses')
    .where('winery_id', '=', wineryId)
    .where('email_key', 'in', keys)
    .where('is_shared', '=', true)
    .execute()
}

async function changeDefaults(
  trx: WineryTransaction,
  wineryId: string,
  brandId: string,
  change: SettingsChange,
): Promise<void> {
  const create = change.create ?? false
  const entry = async (list: 'customer source' | 'customer type' | 'allocation tier', name: string | null) =>
    name === null ? null : findOrCreateEntry(trx, wineryId, list, name, create)
  const { customerSource, customerType, allocationTier } = change
  const values = {
    ...(customerSource === undefined
      ? {}
      : { customer_source_id: await entry('customer source', customerSource) }),
    ...(customerType === undefined ? {} : { customer_type_id: await entry('customer type', customerType) }),
    ...(allocationTier === undefined
      ? {}
      : {
          allocation_tier_id: await entry(
            'allocation tier',
            allocationTier?.trim().toLowerCase() === 'none' ? null : allocationTier,
          ),
        }),
  }
  if (Object.keys(values).length === 0) return
  await trx
    .insertInto('web_store_settings')
    .values({ winery_id: wineryId, brand_id: brandId, ...values })
    .onConflict((conflict) => conflict.columns(['winery_id', 'brand_id']).doUpdateSet(values))
    .execute()
}

/** The domain of a winery's own people is written `@winery.example`. */
function sharedAddressKey(given: string): string {
  const text = given.trim()
  const key = text.startsWith('@') ? emailKey(`anyone${text}`)?.slice('anyone'.length) : emailKey(text)
  if (key) return key
  throw new Refusal(
    'invalid',
    `"${text}" is neither an e-mail address nor a domain.`,
    'Give an address (concierge@hotel.example) or a domain (@winery.example).',
  )
}

function checkNumbers(change: SettingsChange): void {
  const within = (value: number | undefined, least: number, most: number) =>
    value === undefined || (Number.isInteger(value) && value >= least && value <= most)
  if (!within(change.historyDays, 1, 36_500)) {
    throw new Refusal('invalid', 'History is kept for 1 to 36,500 days.', 'Give a whole number of days.')
  }
  if (!within(change.guardPercent, 1, 100)) {
    throw new Refusal('invalid', 'The guard is a share from 1 to 100 percent.', 'Give a whole number.')
  }
  if (
    change.nightlyRelease !== undefined &&
    !/^(with-pull|by-hand|after:[1-9]\d{0,3})$/.test(change.nightlyRelease)
  ) {
    throw new Refusal(
      'invalid',
      `"${change.nightlyRelease}" is no way to release customers.`,
      'Use with-pull, by-hand, or after:N (days).',
    )
  }
}

type DefaultsRow = {
  brand: string | null
  name: string | null
  customer_source: string | null
  customer_type: string | null
  allocation_tier: string | null
}

async function readDefaults(trx: WineryTransaction, wineryId: string): Promise<DefaultsRow[]> {
  const { rows } = await sql<DefaultsRow>`
    with owners as (
      select 0::bigint as brand_id, null as code, null as name
      union all
      select b.brand_id, b.code, b.name from ecellar.brands b where b.winery_id = ${wineryId}
    )
    select
      o.code as brand,
      o.name,
      source.name as customer_source,
      type.name as customer_type,
      tier.name as allocation_tier
    from owners o
    left join ecellar.web_store_settings s on s.winery_id = ${wineryId} and s.brand_id = o.brand_id
    left join ecellar.list_entries source on source.winery_id = ${wineryId} and source.entry_id = s.customer_source_id
    left join ecellar.list_entries type on type.winery_id = ${wineryId} and type.entry_id = s.customer_type_id
    left join ecellar.list_entries tier on tier.winery_id = ${wineryId} and tier.entry_id = s.allocation_tier_id
    order by o.code nulls first`.execute(trx)
  return rows
}

function defaultsOf(row: DefaultsRow): Defaults {
  return {
    customerSource: row.customer_source,
    customerType: row.customer_type,
    allocationTier: row.allocation_tier,
  }
}
