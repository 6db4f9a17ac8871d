import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Condition, readDefinition } from '../../src/contract/segment.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { countSegment, listSegment } from '../../src/segments/ask-segment.ts'
import { definitionSql } from '../../src/segments/definition-sql.ts'
import { explainCustomer } from '../../src/segments/explain-customer.ts'
import { readSegmentWorld } from '../../src/segments/segment-world.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

const now = new Date('2026-06-15T19:00:00Z')
let database: TestDatabase
let winery: BookedWinery
let neighbour: BookedWinery
const who = new Map<string, string>()
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  neighbour = await bookedWinery(database)
  const add = async (
    name: string,
    fields: Record<string, unknown>,
    visits: { day: string; brand?: number }[],
  ) => {
    const customerId = await winery.customer({ email_consent: 'in', ...fields })
    who.set(name, customerId)
    const patronId = await winery.guest(customerId)
    for (const visit of visits) await winery.reservation({ customerId, patronId, ...visit })
  }
  await add('regular', {}, [{ day: '2026-05-01' }, { day: '2026-06-01' }, { day: '2026-06-01' }])
  await add('both brands', { email_consent: 'out' }, [{ day: '2026-05-01' }, { day: '2026-05-02', brand: 1 }])
  await add('not released', { created_by: 'tock', released_at: null }, [{ day: '2026-05-03' }])
  await add('nobody', { email: null }, [])
  await add('bounced', { bounced: true, active: false }, [])
  const strange = await neighbour.customer()
  await neighbour.reservation({
    customerId: strange,
    patronId: await neighbour.guest(strange),
    day: '2026-06-01',
  })
})
afterAll(() => database.drop())

const asking = () => ({ db: database.db, wineryId: winery.wineryId, now })
const definition = (where: Condition) => readDefinition({ version: 1, where })
const everybody = definition({ kind: 'count', of: 'visits', times: { is: 'atLeast', n: 0 } })
const names = async (where: Condition) => {
  const found = await listSegment(asking(), definition(where), { after: null, limit: 100 })
  return found.map(({ customerId }) => [...who].find(([, id]) => id === customerId)?.[0]).sort()
}

describe('a count', () => {
  test('says why the others may not be mailed, each customer once', async () => {
    expect(await countSegment(asking(), everybody)).toMatchObject({
      matching: 5,
      mayMail: 1,
      mayNotMail: { noAddress: 1, bounced: 1, inactive: 0, optedOut: 1, notReleased: 1, notOptedIn: 0 },
    })
  })

  test('says as of which snapshot each brand is known, for the brands that it speaks of', async () => {
    const asOf = async (where: Condition) => (await countSegment(asking(), definition(where))).asOf
    const snapshotTakenAt = new Date('2026-06-15T00:00:00Z')
    const visits = { kind: 'count', of: 'visits', times: { is: 'atLeast', n: 1 } } as const
    expect(await asOf(visits)).toEqual([
      { brand: 'JH', snapshotTakenAt },
      { brand: 'OA', snapshotTakenAt },
    ])
    expect(await asOf({ ...visits, brands: ['oa'] })).toEqual([{ brand: 'OA', snapshotTakenAt }])
    expect(await asOf({ kind: 'flag', flag: 'active', is: true })).toEqual([])
  })

  test('is cancelled in the database when it is not wanted any more', async () => {
    const slow = await database.session()
    const abort = new AbortController()
    try {
      // Whoever counts waits for this lock, as a long statement would run.
      await slow.query('begin; lock table ecellar.reservations in access exclusive mode')
      const count = countSegment({ ...asking(), signal: abort.signal }, everybody)
      const waiting = async () => {
        const { rows } = await sql<{ waits: number }>`
          select count(*)::int as waits from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(database.db)
        return rows[0]?.waits
      }
      await expect.poll(waiting, { timeout: 10_000 }).toBe(1)
      abort.abort()
      await expect(count).rejects.toThrow()
      await expect.poll(waiting, { timeout: 10_000 }).toBe(0)
    } finally {
      await slow.query('rollback')
      await slow.end()
    }
    expect((await countSegment(asking(), everybody)).matching).toBe(5)
  })
})

describe('a segment', () => {
  test('counts a day at a brand once', async () => {
    const times = (n: number) => ({ kind: 'count', of: 'visits', times: { is: 'exactly', n } }) as const
    expect(await names(times(2))).toEqual(['both brands', 'regular'])
    expect(await names({ ...times(3), of: 'reservations' })).toEqual(['regular'])
  })

  test('can say: visited one brand and never the other', async () => {
    const visited = (brand: string): Condition => ({
      kind: 'count',
      of: 'visits',
      brands: [brand],
      times: { is: 'atLeast', n: 1 },
    })
    expect(await names({ kind: 'all', of: [visited('JH'), { kind: 'not', of: visited('OA') }] })).toEqual([
      'not released',
      'regular',
    ])
  })

  test('never holds customers of another winery', async () => {
    const all = await listSegment(asking(), everybody, { after: null, limit: 100 })
    expect(all).toHaveLength(5)
  })

  test('comes page by page, without a gap', async () => {
    const pages: string[] = []
    for (let after: string | null = null; ; ) {
      const page = await listSegment(asking(), everybody, { after, limit: 2 })
      pages.push(...page.map((one) => one.customerId))
      if (page.length < 2) break
      after = page.at(-1)?.customerId ?? null
    }
    expect(pages).toEqual([...who.values()])
  })

  test('is made of parameters: what is typed never becomes part of the statement', async () => {
    const typed = `x'); drop table ecellar.customers; --`
    const where: Condition = {
      kind: 'any',
      of: [
        { kind: 'text', field: 'lastName', op: 'contains', value: typed },
        { kind: 'tags', op: 'any', values: [typed] },
        { kind: 'count', of: 'visits', notesContain: typed, times: { is: 'atLeast', n: 1 } },
      ],
    }
    expect(await names(where)).toEqual([])
    await inWinery(database.db, winery.wineryId, async (trx) => {
      const world = await readSegmentWorld(trx, winery.wineryId, now)
      const made = definitionSql(world, definition(where))
      expect(sql`select from ${made.from} where ${made.where}`.compile(trx).sql).not.toContain('drop')
    })
  })

  test('refuses names that the winery does not have, with what may have been meant', async () => {
    const brand: Condition = { kind: 'count', of: 'visits', brands: ['JX'], times: { is: 'atLeast', n: 1 } }
    await expect(names(brand)).rejects.toThrow(
      'the brand "JX", which this winery does not have. Did you mean "JH"',
    )
    await expect(names({ kind: 'customerType', op: 'is', values: ['Emperor'] })).rejects.toThrow(
      'customer type "Emperor"',
    )
  })
})

describe('an explanation', () => {
  test('names the reservations that decided', async () => {
    const where: Condition = {
      kind: 'all',
      of: [
        {
          kind: 'count',
          of: 'visits',
          in: { kind: 'last', n: 30, unit: 'days' },
          times: { is: 'atLeast', n: 1 },
        },
        { kind: 'flag', flag: 'mayMail', is: true },
      ],
    }
    const told = await explainCustomer(asking(), definition(where), who.get('regular') ?? '')
    expect(told).toMatchObject({ isMember: true, mayMail: true, obstacle: null })
    expect(told.why).toMatchObject({
      kind: 'all',
      holds: true,
      of: [
        { holds: true, reservations: [{ brand: 'JH', localStart: '2026-06-01T14:00' }, { brand: 'JH' }] },
        { holds: true, reservations: [] },
      ],
    })
    const other = await explainCustomer(asking(), definition(where), who.get('both brands') ?? '')
    expect(other).toMatchObject({ isMember: false, mayMail: false, obstacle: 'optedOut' })
  })

  test('of a customer of another winery is refused', async () => {
    await expect(
      explainCustomer({ ...asking(), wineryId: neighbour.wineryId }, everybody, who.get('regular') ?? ''),
    ).rejects.toThrow('There is no customer')
  })
})
