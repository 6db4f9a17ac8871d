import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDefinition, type SegmentDefinition } from '../../src/contract/segment.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { type Asking, countSegment, listSegment } from '../../src/segments/ask-segment.ts'
import { countingParts } from '../../src/segments/counting-parts.ts'
import { definitionSql } from '../../src/segments/definition-sql.ts'
import { type Explained, explainCustomer } from '../../src/segments/explain-customer.ts'
import { readSegmentWorld } from '../../src/segments/segment-world.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { isMember, mayMail, membersOf } from './plain-evaluation.ts'
import { randomCondition, randomWinery } from './random-segments.ts'
import { storeWinery } from './stored-winery.ts'

/** More of them: SEGMENT_RUNS=1000 npx vitest run test/segments/segment-properties.test.ts */
const runs = Number(process.env.SEGMENT_RUNS ?? 25)

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** As large wineries are counted: parts of the customers, each along the index. */
async function foundInParts(asking: Asking, definition: SegmentDefinition): Promise<string[]> {
  return inWinery(asking.db, asking.wineryId, async (trx) => {
    const world = await readSegmentWorld(trx, asking.wineryId, asking.now)
    const found: string[] = []
    for (const part of countingParts(world, { atLeast: 1 })) {
      const { from, where } = definitionSql(world, definition, part)
      const { rows } = await sql<{ customerId: string }>`
        select c.customer_id as "customerId" from ${from} where ${where} order by c.customer_id`.execute(trx)
      found.push(...rows.map((one) => one.customerId))
    }
    return found
  })
}

describe('a definition, whatever it says, on whatever data and clocks', () => {
  test('has the customers that a plain evaluation in memory finds, and explains each of them alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomWinery,
        fc.array(randomCondition, { minLength: 12, maxLength: 12 }),
        async (plain, conditions) => {
          const { wineryId, numbers } = await storeWinery(database, plain)
          const asking = { db: database.db, wineryId, now: plain.now }
          for (const where of conditions) {
            const definition = readDefinition(JSON.parse(JSON.stringify({ version: 1, where })))
            const found = await listSegment(asking, definition, { after: null, limit: 1000 })
            const expected = membersOf(plain, definition.where)
            expect(
              found.map((one) => one.customerId),
              JSON.stringify(where),
            ).toEqual(expected.map((id) => numbers.get(id)))
            const count = await countSegment(asking, definition)
            const mailable = plain.customers.filter((one) => expected.includes(one.id) && mayMail(plain, one))
            expect(count).toMatchObject({ matching: expected.length, mayMail: mailable.length })
            const others = Object.values(count.mayNotMail).reduce((sum, one) => sum + one, 0)
            expect(count.mayMail + others).toBe(count.matching)
            expect(await foundInParts(asking, definition)).toEqual(found.map((one) => one.customerId))
          }
          for (const where of conditions.slice(0, 2)) {
            const definition = readDefinition(JSON.parse(JSON.stringify({ version: 1, where })))
            for (const customer of plain.customers) {
              const told = await explainCustomer(asking, definition, numbers.get(customer.id) ?? '')
              expect(told.isMember).toBe(isMember(plain, customer, definition.where))
              expect(told.mayMail).toBe(mayMail(plain, customer))
              for (const { condition, holds } of conditionsOf(told.why)) {
                expect(holds).toBe(isMember(plain, customer, condition))
              }
            }
          }
        },
      ),
      // Shrinking stores hundreds of wineries: the failing condition is named instead.
      { numRuns: runs, endOnFailure: true },
    )
  }, 600_000)
})

function conditionsOf(why: Explained): Extract<Explained, { kind: 'condition' }>[] {
  return why.kind === 'condition' ? [why] : why.of.flatMap(conditionsOf)
}
