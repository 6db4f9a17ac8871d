/** Why customers enter and leave segments, and who of them waits for a person. */

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Condition, SegmentDefinition } from '../../src/contract/segment.ts'
import { mapExperience } from '../../src/crm/experiences.ts'
import { listSegments, saveSegment } from '../../src/segments/saved-segments.ts'
import { confirmEntries, listMoves, readSegmentHistory } from '../../src/segments/segment-history.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { insert } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { recordDue } from './record-due.ts'

const soon = new Date('2026-06-15T19:00:00Z')
const later = new Date('2026-06-16T19:00:00Z')
let database: TestDatabase
let winery: BookedWinery
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  winery = await bookedWinery(database)
})

const visited: Condition = { kind: 'count', of: 'visits', times: { is: 'atLeast', n: 1 } }
const definition = (where: Condition): SegmentDefinition => ({ version: 1, where })
const options = (now = soon) => ({ db: database.db, wineryId: winery.wineryId, actor, now })
const save = (kind: 'dynamic' | 'static' = 'dynamic', where: Condition = visited) =>
  saveSegment(options(), { name: 'Guests', kind, definition: definition(where) })

async function visitor(fields: Record<string, unknown> = {}, reservation: Record<string, unknown> = {}) {
  const customerId = await winery.customer({ email_consent: 'in', ...fields })
  const patronId = await winery.guest(customerId)
  await winery.reservation({ customerId, patronId, day: '2026-05-01' }, reservation)
  return customerId
}
const pull = (pullId: string, kind: string) =>
  insert(database, 'pulls', {
    winery_id: winery.wineryId,
    pull_id: pullId,
    brand_id: winery.brands[0]?.brand_id,
    business_id: '1',
    kind,
    status: 'applied',
    started_at: soon,
    finished_at: soon,
  })

const segment = async () => (await listSegments(database.db, winery.wineryId))[0]?.segmentId ?? ''
const moves = async () =>
  listMoves(database.db, winery.wineryId, await segment(), { after: null, limit: 100 })
const waiting = async () =>
  (await readSegmentHistory(database.db, winery.wineryId, await segment(), { since: soon, now: later }))
    .waitingEntries
async function recorded() {
  await recordDue(database.db, later)
  return moves()
}

describe('who entered and who left since the last night', () => {
  async function movesAfter(change: () => Promise<unknown>) {
    const saved = await save()
    await change()
    await recordDue(database.db, later)
    return listMoves(database.db, winery.wineryId, saved.segmentId, { after: null, limit: 100 })
  }

  test('by a nightly pull', async () => {
    await pull('900', 'nightly')
    const moves = await movesAfter(async () => {
      await pull('901', 'nightly')
      await visitor({ created_by: 'tock', created_in_pull: '901' }, { changed_in_pull: '901' })
    })
    expect(moves).toMatchObject([{ entered: true, because: 'pull', isWaiting: false }])
  })

  test('by an initial pull: new customers and old ones wait for a person', async () => {
    const old = await winery.customer()
    const patronId = await winery.guest(old)
    const moves = await movesAfter(async () => {
      await pull('902', 'initial')
      await visitor({ created_by: 'tock', created_in_pull: '902' }, { changed_in_pull: '902' })
      await winery.reservation({ customerId: old, patronId, day: '2026-05-01' }, { changed_in_pull: '902' })
    })
    expect(moves).toHaveLength(2)
    for (const move of moves)
      expect(move).toMatchObject({ entered: true, because: 'initial pull', isWaiting: true })
    expect(await confirmEntries(options(later), { name: 'Guests' })).toEqual({ confirmed: 2 })
    expect(await confirmEntries(options(later), { name: 'Guests' })).toEqual({ confirmed: 0 })
  })

  test('by an import, and by leaving', async () => {
    const customerId = await visitor()
    const where: Condition = { kind: 'flag', flag: 'active', is: true }
    const saved = await save('dynamic', where)
    await sql`update ecellar.customers set active = false where customer_id = ${customerId}`.execute(
      database.db,
    )
    await sql`
      insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by, changed_at)
      values (${winery.wineryId}, 'customer', ${customerId}, 'active', 'true', 'false', 'import', ${later})`.execute(
      database.db,
    )
    await recordDue(database.db, later)
    expect(
      await listMoves(database.db, winery.wineryId, saved.segmentId, { after: null, limit: 9 }),
    ).toMatchObject([{ entered: false, because: 'import', isWaiting: false, customerId }])
    const history = await readSegmentHistory(database.db, winery.wineryId, saved.segmentId, {
      since: soon,
      now: later,
    })
    expect(history).toMatchObject({
      moves: [{ entered: false, because: 'import', customers: 1 }],
      waitingEntries: 0,
      sizes: [
        { recordedAt: soon, matching: 1, mayMail: 1 },
        { recordedAt: later, matching: 0, mayMail: 0 },
      ],
    })
  })

  test('by a mapping', async () => {
    await insert(database, 'list_entries', {
      winery_id: winery.wineryId,
      list: 'reservation type',
      name: 'Tasting',
    })
    await insert(database, 'experiences', {
      winery_id: winery.wineryId,
      brand_id: winery.brands[0]?.brand_id,
      experience_id: '7',
      name: 'Flight',
    })
    const customerId = await visitor({}, { experience_id: '7' })
    const where: Condition = {
      kind: 'count',
      of: 'visits',
      reservationTypes: ['Tasting'],
      times: { is: 'atLeast', n: 1 },
    }
    const saved = await save('dynamic', where)
    const mapping = { experienceId: '7', reservationType: 'Tasting', create: false }
    await mapExperience(database.db, winery.brands[0]!, mapping, actor)
    await recordDue(database.db, new Date())
    expect(
      await listMoves(database.db, winery.wineryId, saved.segmentId, { after: null, limit: 9 }),
    ).toMatchObject([{ entered: true, because: 'mapping', isWaiting: true, customerId }])
  })

  test('is told once', async () => {
    await pull('903', 'nightly')
    const saved = await save()
    await pull('904', 'nightly')
    await visitor({ created_by: 'tock', created_in_pull: '904' })
    for (const now of [later, new Date('2026-06-17T19:00:00Z')]) await recordDue(database.db, now)
    expect(
      await listMoves(database.db, winery.wineryId, saved.segmentId, { after: null, limit: 9 }),
    ).toHaveLength(1)
  })

  test('goes on where one segment speaks of a name that is gone', async () => {
    await save()
    await sql`
      update ecellar.segments set definition = jsonb_set(definition, '{where,brands}', '["GONE"]')
      where winery_id = ${winery.wineryId}`.execute(database.db)
    await saveSegment(options(), { name: 'Others', kind: 'dynamic', definition: definition(visited) })
    expect(await recordDue(database.db, later)).toHaveLength(1)
    const [, others] = await listSegments(database.db, winery.wineryId)
    expect(others?.recordedAt).toEqual(later)
  })

  const change = (fields: Record<string, unknown>) =>
    insert(database, 'changes', {
      winery_id: winery.wineryId,
      entity: 'customer',
      made_by: 'staff',
      changed_at: later,
      ...fields,
    })
  const releasedOnly: Condition = { kind: 'flag', flag: 'released', is: true }

  test('by a decision: whom a person linked a reservation to waits', async () => {
    const customerId = await winery.customer()
    const patronId = await winery.guest(customerId)
    const moves = await movesAfter(async () => {
      const { rows } = await sql<{ id: string }>`
        select reservation_id as id from ecellar.reservations
        where winery_id = ${winery.wineryId} and tock_key = ${await winery.reservation({ customerId, patronId, day: '2026-05-01' })}`.execute(
        database.db,
      )
      await change({
        entity: 'reservation',
        entity_id: rows[0]?.id,
        field: 'customer_id',
        before: null,
        after: customerId,
        // It began before the last recording, and waited for a long pull.
        changed_at: new Date(soon.getTime() - 20 * 60_000),
      })
    })
    expect(moves).toMatchObject([{ entered: true, because: 'decision', isWaiting: true, customerId }])
  })

  test('by an edit', async () => {
    const customerId = await winery.customer({ active: false })
    await save('dynamic', { kind: 'flag', flag: 'active', is: true })
    await sql`update ecellar.customers set active = true where customer_id = ${customerId}`.execute(
      database.db,
    )
    await change({ entity_id: customerId, field: 'active', before: 'false', after: 'true' })
    expect(await recorded()).toMatchObject([{ entered: true, because: 'edit', isWaiting: false, customerId }])
  })

  test('by a release', async () => {
    const customerId = await winery.customer({ released_at: null })
    await save('dynamic', releasedOnly)
    await sql`update ecellar.customers set released_at = ${later} where customer_id = ${customerId}`.execute(
      database.db,
    )
    expect(await recorded()).toMatchObject([{ entered: true, because: 'release', isWaiting: false }])
  })

  test('by another definition, at once; afterwards by time alone again', async () => {
    const customerId = await visitor(
      {},
      { starts_at: '2026-06-01T14:00:00-07:00', local_start: '2026-06-01T14:00' },
    )
    const lately = (n: number): Condition =>
      ({ ...visited, in: { kind: 'last', n, unit: 'days' } }) as Condition
    await save('dynamic', lately(10))
    await saveSegment(options(later), {
      name: 'Guests',
      kind: 'dynamic',
      definition: definition(lately(16)),
      replace: true,
    })
    expect(await moves()).toMatchObject([
      { entered: true, because: 'definition', isWaiting: false, customerId },
    ])
    await recordDue(database.db, new Date('2026-06-20T19:00:00Z'))
    expect(await moves()).toMatchObject([{ entered: false, because: 'time', customerId }, {}])
  })

  test('by an initial pull that began earlier and was applied later than the last pull that was looked at', async () => {
    await save()
    await pull('911', 'nightly')
    await recordDue(database.db, later)
    await pull('910', 'initial')
    await visitor({ created_by: 'tock', created_in_pull: '910' }, { changed_in_pull: '910' })
    await recordDue(database.db, new Date(later.getTime() + 60_000))
    expect(await moves()).toMatchObject([{ entered: true, because: 'initial pull', isWaiting: true }])
  })

  test('who waits and leaves again waits no longer', async () => {
    await save()
    await pull('912', 'initial')
    const customerId = await visitor(
      { created_by: 'tock', created_in_pull: '912' },
      { changed_in_pull: '912' },
    )
    await recordDue(database.db, later)
    expect(await waiting()).toBe(1)
    await sql`delete from ecellar.reservations where customer_id = ${customerId}`.execute(database.db)
    await recordDue(database.db, new Date('2026-06-18T19:00:00Z'))
    expect(await waiting()).toBe(0)
  })
})
