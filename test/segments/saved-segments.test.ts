import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Condition, SegmentDefinition } from '../../src/contract/segment.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { mapExperience } from '../../src/crm/experiences.ts'
import { countSegment } from '../../src/segments/ask-segment.ts'
import { inSegment } from '../../src/segments/in-segment.ts'
import { readyMade } from '../../src/segments/ready-made.ts'
import { recordMemberships } from '../../src/segments/record-membership.ts'
import { listSegments, removeSegment, saveSegment } from '../../src/segments/saved-segments.ts'
import { confirmEntries, listMoves, readSegmentHistory } from '../../src/segments/segment-history.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { hash, insert } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

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

describe('a saved segment', () => {
  test('keeps its name, who made it and when, and its size', async () => {
    await visitor()
    const saved = await save()
    expect(saved).toMatchObject({
      name: 'Guests',
      kind: 'dynamic',
      createdBy: 'Robin Example',
      createdAt: soon,
    })
    expect(await listSegments(database.db, winery.wineryId)).toMatchObject([
      { name: 'Guests', matching: 1, mayMail: 1 },
    ])
    await expect(
      saveSegment(options(), { name: 'GUESTS', kind: 'dynamic', definition: definition(visited) }),
    ).rejects.toThrow('There is a segment "GUESTS" already')
    await removeSegment(options(), { name: 'guests' })
    expect(await listSegments(database.db, winery.wineryId)).toEqual([])
  })

  test('that is static stays the list that it was', async () => {
    await visitor()
    const saved = await save('static')
    await visitor()
    await visitor({ email_consent: 'out' })
    const asked = await inSegment(options(), { segmentId: saved.segmentId })
    expect(await countSegment(options(), asked)).toMatchObject({ matching: 1, mayMail: 1 })
  })

  test.each(readyMade)('ready-made: $name', async ({ name, definition: made }) => {
    await visitor()
    expect((await saveSegment(options(), { name, kind: 'dynamic', definition: made })).definition).toEqual(
      made,
    )
  })
})

describe('who entered and who left since the last night', () => {
  async function movesAfter(change: () => Promise<unknown>) {
    const saved = await save()
    await change()
    await recordMemberships(database.db, later)
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

  test('by an edit, and by leaving', async () => {
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
    await recordMemberships(database.db, later)
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
    await recordMemberships(database.db, new Date())
    expect(
      await listMoves(database.db, winery.wineryId, saved.segmentId, { after: null, limit: 9 }),
    ).toMatchObject([{ entered: true, because: 'mapping', isWaiting: true, customerId }])
  })

  test('is told once', async () => {
    await pull('903', 'nightly')
    const saved = await save()
    await pull('904', 'nightly')
    await visitor({ created_by: 'tock', created_in_pull: '904' })
    for (const now of [later, new Date('2026-06-17T19:00:00Z')])
      await recordMemberships(database.db, now, 'pulled since')
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
    expect(await recordMemberships(database.db, later)).toEqual([expect.stringContaining('segment')])
    const [, others] = await listSegments(database.db, winery.wineryId)
    expect(others?.recordedAt).toEqual(later)
  })
})

test('whoever is erased is on no list and in no history any more', async () => {
  const customerId = await visitor()
  await save('static')
  await erasePerson({ db: database.db, wineryId: winery.wineryId, actor, hash }, { customerId })
  const { rows } = await sql`
    select from ecellar.segment_members where winery_id = ${winery.wineryId}`.execute(database.db)
  expect(rows).toEqual([])
})
