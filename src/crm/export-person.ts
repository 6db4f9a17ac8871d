/** Everything that is kept of one person, for the person who asks for it: the rows as they are stored. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { checkedPerson } from './customers-erase.ts'
import { findPerson, type Person } from './person-to-erase.ts'

type Rows = Record<string, unknown>[]

export type PersonExport = {
  winery: string
  madeAt: string
  /** false: nothing is kept of the person. */
  found: boolean
  customers: Rows
  /** The guests of Tock that they are. */
  guests: Rows
  /** What they booked or came for. */
  reservations: Rows
  /** What they booked for somebody else: without that other person. */
  bookedForOthers: Rows
  /** What became of their customers and reservations, field by field. */
  changes: Rows
  consentChanges: Rows
  exceptions: Rows
  /** What people decided about whose guest and whose address is whose. */
  decisions: Rows
  /** Their addresses on the list of addresses that are no single customer. */
  sharedAddresses: Rows
  /** Files that were handed out with them in it. */
  exports: Rows
  /** What stands of them in pulls that wait for approval. */
  waitingReservations: Rows
  waitingGuests: Rows
  /** As the latest preview of a brand found them. */
  previewed: Rows
  /** The lists that they are on, and how they came and went. */
  segments: Rows
  segmentMoves: Rows
  /** Their guests whose customer was taken back with a pull. */
  takenBack: Rows
  /** Mails of this program to their address. */
  mails: Rows
}

/** @throws Refusal `invalid` for what is no address or id */
export async function exportPerson(
  options: { db: Db; wineryId: Id; actor: Actor; now?: Date },
  who: { email: string } | { customerId: string },
): Promise<PersonExport> {
  const wanted = checkedPerson(who)
  const { wineryId, actor, now = new Date() } = options
  return inWinery(
    options.db,
    wineryId,
    async (trx) => {
      const person = await findPerson(trx, wineryId, wanted)
      const { rows } = await sql<{ slug: string }>`
        select slug from ecellar.wineries where winery_id = ${wineryId}`.execute(trx)
      const parts = await readParts(trx, wineryId, person)
      const counts = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.length]))
      await recordAudit(trx, {
        wineryId,
        actor,
        action: 'customers.export-person',
        subject: person.customers.map(({ customerId }) => `customer ${customerId}`).join(', ') || null,
        details: counts,
      })
      return {
        winery: rows[0]?.slug ?? '',
        madeAt: now.toISOString(),
        found: Object.values(parts).some((part) => part.length > 0),
        ...parts,
      }
    },
    { isolation: 'repeatable read' },
  )
}

async function readParts(
  trx: WineryTransaction,
  wineryId: Id,
  person: Person,
): Promise<Omit<PersonExport, 'winery' | 'madeAt' | 'found'>> {
  const ids = person.customers.map((customer) => customer.customerId)
  const groups = person.patrons.map((patron) => patron.businessGroupId)
  const patronIds = person.patrons.map((patron) => patron.patronId)
  const keys = sql`${person.emailKeys}::text[] collate "C"`
  const isPatron = (column: string) => sql<boolean>`(
    ${sql.ref(column)} = any(${patronIds}::text[] collate "C")
    and (bb.business_group_id, ${sql.ref(column)}) in (
      select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C")))`
  const isGuest = sql<boolean>`(
    r.customer_id = any(${ids}::bigint[]) or ${isPatron('r.guest_patron_id')}
    or r.guest_email = any(${person.guestEmails}::text[]))`
  const withGroup = sql`
    ecellar.reservation_facts r
    left join ecellar.brand_businesses bb
      on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id`
  /** Without the numbers that only mean something inside. */
  const read = async (statement: ReturnType<typeof sql>): Promise<Rows> => {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(x) - 'winery_id' as row from (${statement}) x`.execute(trx)
    return rows.map(({ row }) => row)
  }
  const reservations = await read(sql`
    select r.* from ${withGroup} where r.winery_id = ${wineryId} and ${isGuest} order by r.starts_at`)
  const reservationIds = reservations.map((row) => String(row.reservation_id))
  return {
    customers: await read(sql`
      select c.* from ecellar.customer_facts c
      where c.winery_id = ${wineryId} and c.customer_id = any(${ids}::bigint[]) order by c.customer_id`),
    guests: await read(sql`
      select p.* from ecellar.patrons p
      where p.winery_id = ${wineryId}
        and (p.business_group_id, p.patron_id) in (
          select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C"))
      order by p.business_group_id, p.patron_id`),
    reservations,
    bookedForOthers: await read(sql`
      select r.winery, r.brand, r.tock_key, r.starts_at, r.local_start, r.time_zone, r.status
      from ${withGroup}
      where r.winery_id = ${wineryId} and ${isPatron('r.owner_patron_id')} and not coalesce(${isGuest}, false)
      order by r.starts_at`),
    changes: await read(sql`
      select h.* from ecellar.changes h
      where h.winery_id = ${wineryId}
        and (h.entity = 'customer' and h.entity_id = any(${ids}::bigint[])
          or h.entity = 'reservation' and h.entity_id = any(${reservationIds}::bigint[]))
      order by h.change_id`),
    consentChanges: await read(sql`
      select k.* from ecellar.consent_changes k
      where k.winery_id = ${wineryId} and k.customer_id = any(${ids}::bigint[])
      order by k.consent_change_id`),
    exceptions: await read(sql`
      select x.exception_id, x.brand_id, x.business_id, x.pull_id, x.code,
        -- Two customers' addresses: one of them is somebody else's, perhaps.
        case when x.code <> 'similar_name' then x.subject end as subject,
        x.tock_key, x.message, x.first_seen_at, x.resolved_at, x.decision, x.decided_by, x.closed_because
      from ecellar.exceptions x
      where x.winery_id = ${wineryId}
        and (x.subject = any(${keys})
          or x.email_key = any(${keys})
          or x.customer_id = any(${ids}::bigint[])
          or x.other_customer_id = any(${ids}::bigint[])
          or x.subject in (
            select business_group_id || '/' || patron_id
            from unnest(${groups}::text[], ${patronIds}::text[]) as p (business_group_id, patron_id))
          or (x.business_group_id, x.patron_id) in (
            select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C")))
      order by x.exception_id`),
    decisions: await read(sql`
      select d.business_group_id, d.patron_id, null as email_key, d.customer_id, d.kept_key, d.apart_key, d.decided_at
      from ecellar.guest_decisions d
      where d.winery_id = ${wineryId}
        and (d.customer_id = any(${ids}::bigint[])
          or (d.business_group_id, d.patron_id) in (
            select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C")))
      union all
      select null, null, d.email_key, d.customer_id, null, null, d.decided_at
      from ecellar.address_decisions d
      where d.winery_id = ${wineryId} and (d.customer_id = any(${ids}::bigint[]) or d.email_key = any(${keys}))
      order by decided_at`),
    sharedAddresses: await read(sql`
      select s.* from ecellar.shared_addresses s
      where s.winery_id = ${wineryId} and s.email_key = any(${keys}) order by s.email_key`),
    exports: await read(sql`
      select e.export_id, e.name, e.made_at, e.made_by from ecellar.exports e
      where e.winery_id = ${wineryId}
        and exists (
          select from ecellar.export_customers x
          where x.winery_id = e.winery_id and x.export_id = e.export_id and x.customer_id = any(${ids}::bigint[]))
      order by e.export_id`),
    previewed: await read(sql`
      select v.* from ecellar.preview_people v
      where v.winery_id = ${wineryId}
        and (v.email_key = any(${keys})
          or (v.business_group_id, v.patron_id) in (select * from unnest(${groups}::text[], ${patronIds}::text[])))
      order by v.brand_id, v.patron_id`),
    waitingReservations: await read(sql`
      select w.* from ecellar.waiting_reservations w
      where w.winery_id = ${wineryId}
        and (w.guest_patron_id = any(${patronIds}::text[] collate "C") or w.guest_email_key = any(${keys}))
      order by w.pull_id, w.tock_key`),
    waitingGuests: await read(sql`
      select w.* from ecellar.waiting_guests w
      where w.winery_id = ${wineryId}
        and (w.patron_id = any(${patronIds}::text[] collate "C") or w.email_key = any(${keys}))
      order by w.pull_id, w.patron_id`),
    segments: await read(sql`
      select s.segment_id, s.name, s.kind
      from ecellar.segment_members m
      join ecellar.segments s on s.winery_id = m.winery_id and s.segment_id = m.segment_id
      where m.winery_id = ${wineryId} and m.customer_id = any(${ids}::bigint[])
      order by s.name`),
    segmentMoves: await read(sql`
      select m.* from ecellar.segment_moves m
      where m.winery_id = ${wineryId} and m.customer_id = any(${ids}::bigint[])
      order by m.move_id`),
    takenBack: await read(sql`
      select u.* from ecellar.undone_guests u
      where u.winery_id = ${wineryId}
        and (u.business_group_id, u.patron_id) in (
          select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C"))
      order by u.business_group_id, u.patron_id`),
    mails: await read(sql`
      select o.recipient, o.template, o.data, o.put_at, o.state, o.finished_at from ecellar.outbox o
      where o.winery_id = ${wineryId} and o.recipient_key = any(${keys})
      order by o.mail_id`),
  }
}
