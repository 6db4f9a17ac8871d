/**
 * Two wineries with something in every table that the API shows: ours with the brands A and B, and the neighbour's.
 * Whatever is the neighbour's says so in its text, and so does whatever is brand B's.
 */

import { sql } from 'kysely'
import { addBrand } from '../../src/crm/brands.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import type { Db } from '../../src/database/connect.ts'
import { putMail } from '../../src/notify/put-mail.ts'
import { actor } from '../actor.ts'

/** What nobody of our winery may ever read; small letters, as addresses have them. */
export const neighbourMark = 'zzneighbour'
/** What nobody who is limited to brand A may ever read. */
export const brandMark = 'yybrand'

/** By the names that they have in addresses. */
export type Ids = Record<string, string>

export type TwoWineries = {
  ours: { wineryId: string; slug: string; brandA: string; brandB: string }
  neighbour: { wineryId: string; slug: string }
  /** Ids of things of ours and brand A's, of ours and brand B's, of the neighbour's. */
  ids: { brandA: Ids; brandB: Ids; neighbour: Ids }
}

export async function twoWineries(db: Db): Promise<TwoWineries> {
  const ours = await addWinery(db, { slug: 'ours', name: 'Ours' }, actor)
  const theirs = await addWinery(db, { slug: 'neighbour', name: `${neighbourMark} Hill` }, actor)
  const ourId = ours.winery.winery_id
  const theirId = theirs.winery.winery_id
  const brand = async (wineryId: string, code: string, mark: string, businessId: string) => {
    const given = { code, name: `${mark} ${code}`, businessGroupId: '55', businessId }
    return (await addBrand(db, wineryId, given, actor)).brand.brand_id
  }
  const brandA = await brand(ourId, 'A', 'Ours', '701')
  const brandB = await brand(ourId, 'B', brandMark, '702')
  const theirBrand = await brand(theirId, 'N', neighbourMark, '703')
  return {
    ours: { wineryId: ourId, slug: 'ours', brandA, brandB },
    neighbour: { wineryId: theirId, slug: 'neighbour' },
    ids: {
      brandA: { winery: 'ours', brand: 'A', ...(await fill(db, ourId, brandA, 'Ours')) },
      brandB: { winery: 'ours', brand: 'B', ...(await fill(db, ourId, brandB, brandMark)) },
      neighbour: { winery: 'neighbour', brand: 'N', ...(await fill(db, theirId, theirBrand, neighbourMark)) },
    },
  }
}

let number = 0

/** One of everything for a brand; ids by the names that they have in addresses. */
async function fill(db: Db, wineryId: string, brandId: string, mark: string): Promise<Ids> {
  number += 1
  const one = async (text: ReturnType<typeof sql<{ id: string }>>): Promise<string> =>
    (await text.execute(db)).rows[0]?.id ?? ''
  const email = `${mark.toLowerCase()}${number}@example.com`
  const pull = await one(sql`
    insert into ecellar.pulls (winery_id, brand_id, business_id, kind, status, error_code, error_message, next_step,
      started_at, finished_at)
    values (${wineryId}, ${brandId}, '70${sql.lit(number)}', 'manual', 'refused', 'tock_unavailable', ${`${mark} down`},
      'Wait', now(), now())
    returning pull_id as id`)
  await sql`
    insert into ecellar.brand_businesses (winery_id, brand_id, business_id, business_group_id, business_name, time_zone,
      initial_pull_id, last_pull_id, last_snapshot_at)
    select winery_id, brand_id, business_id, business_group_id, ${`${mark} business`}, 'UTC', ${pull}::bigint,
      ${pull}::bigint, now()
    from ecellar.brands where brand_id = ${brandId}
    on conflict (winery_id, brand_id, business_id) do update
    set business_name = excluded.business_name, last_snapshot_at = excluded.last_snapshot_at`.execute(db)
  const exception = await one(sql`
    insert into ecellar.exceptions (winery_id, brand_id, pull_id, code, subject, message)
    values (${wineryId}, ${brandId}, ${pull}, 'shared_address_proposed', ${email}, ${`${mark} message`})
    returning exception_id as id`)
  const customer = await one(sql`
    insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, created_by, created_in_pull,
      ecellar_customer_id)
    values (${wineryId}, ${email}, ${email}, ${mark}, ${mark}, 'tock', ${pull}, ${`${mark}-${number}`})
    returning customer_id as id`)
  const reservationId = await one(sql`
    insert into ecellar.reservations (winery_id, brand_id, business_id, tock_key, starts_at, local_start, time_zone,
      first_seen_pull, changed_in_pull, is_cancelled, status, experience_id, seating_area_id, party_name, notes,
      guest_email, guest_first_name, guest_last_name, customer_id, guest_patron_id)
    select winery_id, brand_id, business_id, ${`r:${number}`}, now(), now(), 'UTC', ${pull}::bigint, ${pull}::bigint,
      false, 'Booked', ${`10${number}`}, ${`20${number}`}, ${`${mark} party`}, ${`${mark} note`}, ${email}, ${mark},
      ${mark}, ${customer}::bigint, ${`p${number}`}
    from ecellar.brands where brand_id = ${brandId}
    returning reservation_id as id`)
  await sql`
    insert into ecellar.changes (winery_id, pull_id, brand_id, entity, entity_id, field, before, after, made_by)
    values (${wineryId}, ${pull}, ${brandId}, 'reservation', ${reservationId}, 'notes', ${mark}, ${mark}, 'pull'),
      (${wineryId}, ${pull}, null, 'customer', ${customer}, 'first_name', ${mark}, ${mark}, 'pull')`.execute(
    db,
  )
  await sql`
    insert into ecellar.consent_changes (winery_id, customer_id, before, after, source, tock_words, reason)
    values (${wineryId}, ${customer}, 'unknown', 'out', 'staff', ${mark}, ${mark})`.execute(db)
  await sql`
    insert into ecellar.patrons (winery_id, business_group_id, patron_id, customer_id, email, email_key, first_name,
      last_name, diner_brand_id, profile_email)
    values (${wineryId}, '55', ${`p${number}`}, ${customer}, ${email}, ${email}, ${mark}, ${mark}, ${brandId}, ${email})`.execute(
    db,
  )
  await sql`
    insert into ecellar.experiences (winery_id, brand_id, experience_id, name)
    values (${wineryId}, ${brandId}, ${`10${number}`}, ${`${mark} tasting`})`.execute(db)
  await sql`
    insert into ecellar.seating_areas (winery_id, brand_id, seating_area_id, name)
    values (${wineryId}, ${brandId}, ${`20${number}`}, ${`${mark} terrace`})`.execute(db)
  const request = await one(sql`
    insert into ecellar.pull_requests (winery_id, brand_id, kind, state, actor_kind, actor_id, actor_name, error_code,
      error_message, next_step, pull_id)
    values (${wineryId}, ${brandId}, 'manual', 'failed', 'user', 'x', ${mark}, 'tock_unavailable', ${`${mark} down`}, 'Wait',
      ${pull})
    returning request_id as id`)
  await sql`
    insert into ecellar.alerts (winery_id, brand_id, code, message, next_step, raised_at)
    values (${wineryId}, ${brandId}, 'nothing_came', ${`${mark} alert`}, 'Look', now())`.execute(db)
  const user = `user-${number}`
  await sql`
    insert into access.users (id, name, email, email_verified)
    values (${user}, ${mark}, ${`user-${email}`}, true)`.execute(db)
  await sql`
    insert into access.memberships (user_id, role, winery_id, brand_ids)
    values (${user}, 'viewer', ${wineryId}, ${[brandId]}::bigint[])`.execute(db)
  const apiKey = `key-${number}`
  await sql`
    insert into access.api_keys (id, config_id, name, start, reference_id, key, created_at, updated_at)
    values (${apiKey}, 'default', ${mark}, 'x', ${user}, ${apiKey}, now(), now())`.execute(db)
  const invitation = await one(sql`
    insert into access.invitations (token_hash, email, role, winery_id, brand_ids, invited_by, created_at, expires_at)
    values (${`token-${number}`}, ${`invited-${email}`}, 'viewer', ${wineryId}, ${[brandId]}::bigint[], ${mark},
      '2026-06-01', '2026-06-08')
    returning invitation_id as id`)
  // As it stands in addresses: Tock's number, which every brand may have.
  const reservation = `r:${number}`
  // The winery's own, whatever the brand.
  if (mark === brandMark) {
    return {
      pull,
      exception,
      customer,
      reservation,
      request,
      experience: `10${number}`,
      seatingArea: `20${number}`,
      user,
      apiKey,
      invitation,
    }
  }
  await sql`
    insert into ecellar.list_entries (winery_id, list, name)
    values (${wineryId}, 'location', ${`${mark} house`}), (${wineryId}, 'customer source', ${`${mark} web`})`.execute(
    db,
  )
  const release = await one(sql`
    insert into ecellar.releases (winery_id, released_at, released_by, whom, customers, may_mail)
    values (${wineryId}, now(), ${mark}, 'all', 0, 0)
    returning release_id as id`)
  const segment = await one(sql`
    insert into ecellar.segments (winery_id, name, kind, created_at, created_by, changed_at, changed_by, campaign_name,
      recorded_at)
    values (${wineryId}, ${`${mark} club`}, 'static', now(), ${mark}, now(), ${mark}, ${`${mark} mail`}, now())
    returning segment_id as id`)
  await sql`
    insert into ecellar.segment_moves (winery_id, segment_id, customer_id, entered, because, moved_at)
    values (${wineryId}, ${segment}, ${customer}, true, 'initial pull', now())`.execute(db)
  const schedule = await one(sql`
    insert into ecellar.export_schedules (winery_id, segment_id, format, columns, at_time, made_by_kind, made_by_id,
      made_by, made_at)
    values (${wineryId}, ${segment}, 'csv', '{email}', '06:30', 'user', 'x', ${mark}, now())
    returning schedule_id as id`)
  const plan = await one(sql`
    insert into ecellar.release_plans (winery_id, whom, a_day, at_time, made_at, made_by_kind, made_by_id, made_by)
    values (${wineryId}, '{"kind": "all"}', 1, '06:00', now(), 'user', 'x', ${mark})
    returning plan_id as id`)
  await sql`
    insert into ecellar.undone_pulls (winery_id, pull_id, brand_id, what, undone_at, undone_by, why, reservations,
      customers, kept)
    values (${wineryId}, ${pull}, ${brandId}, 'customers', now(), ${mark}, ${mark}, 0, 0, 0)`.execute(db)
  await sql`
    insert into ecellar.shared_addresses (winery_id, email_key)
    values (${wineryId}, ${`desk@${mark.toLowerCase()}.example`})`.execute(db)
  const mail = await putMail(db, {
    to: `desk@${mark.toLowerCase()}.example`,
    template: 'two-factor-reset',
    data: { resetBy: mark, at: new Date().toISOString(), signInUrl: null },
    wineryId,
  })
  return {
    pull,
    exception,
    customer,
    reservation,
    request,
    mail: mail ?? '',
    release,
    segment,
    schedule,
    plan,
    experience: `10${number}`,
    seatingArea: `20${number}`,
    user,
    apiKey,
    invitation,
  }
}

/** Everything that is stored of a winery, as one text that changes with any of it. */
export async function storedOf(db: Db, wineryId: string): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', c.table_schema, c.table_name) as name
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.column_name = 'winery_id' and c.table_schema in ('ecellar', 'access') and t.table_type = 'BASE TABLE'
    order by 1`.execute(db)
  const parts: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql
      .raw<{ sum: string | null }>(`
      select md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t where winery_id = ${wineryId}`)
      .execute(db)
    parts.push(`${name} ${rows[0]?.sum}`)
  }
  return parts.join('\n')
}
