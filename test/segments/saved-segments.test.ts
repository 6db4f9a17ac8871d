import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Condition, SegmentDefinition } from '../../src/contract/segment.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { countSegment } from '../../src/segments/ask-segment.ts'
import { inSegment } from '../../src/segments/in-segment.ts'
import { readyMade } from '../../src/segments/ready-made.ts'
import { listSegments, removeSegment, saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { hash } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

const soon = new Date('2026-06-15T19:00:00Z')
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

test('whoever is erased is on no list and in no history any more', async () => {
  const customerId = await visitor()
  await save('static')
  await erasePerson({ db: database.db, wineryId: winery.wineryId, actor, hash }, { customerId })
  const { rows } = await sql`
    select from ecellar.segment_members where winery_id = ${winery.wineryId}`.execute(database.db)
  expect(rows).toEqual([])
})
