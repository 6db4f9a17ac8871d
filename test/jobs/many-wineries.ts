/** Many small wineries at once, past their initial pulls and enabled: one brand each, a handful of reservations. */

import { sql } from 'kysely'
import type { Database } from '../../src/database/connect.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { type TestWinery, wineryForTests } from '../pull/winery-for-tests.ts'

export type ManyWineries = {
  simulator: Simulator
  wineries: TestWinery[]
  businessId(index: number): string
  close(): Promise<void>
}

const groupOf = (index: number) => String(5000 + index)
const businessOf = (index: number) => String(70_000 + index)

export async function manyWineries(
  database: Database,
  options: { count: number; now: Date; enabledAt: Date; reservations?: number },
): Promise<ManyWineries> {
  const { count, now, enabledAt, reservations = 4 } = options
  const simulator = await startSimulator({
    now,
    wineries: Array.from({ length: count }, (_, index) => ({
      businessGroupId: groupOf(index),
      name: `Winery ${index}`,
      guests: 10,
      withoutCases: true,
      businesses: [
        {
          businessId: businessOf(index),
          name: `Brand ${index}`,
          timeZone: 'America/Los_Angeles',
          reservations,
        },
      ],
    })),
  })
  const keys = new Map(simulator.businesses.map((one) => [one.businessId, one.apiKey]))
  const wineries: TestWinery[] = []
  for (let index = 0; index < count; index++) {
    wineries.push(
      await wineryForTests(database, simulator.url, [
        {
          code: 'N',
          businessId: businessOf(index),
          businessGroupId: groupOf(index),
          apiKey: keys.get(businessOf(index)) ?? '',
        },
      ]),
    )
  }
  // As after an initial pull of which nothing is left: every file is read again, which costs each pull most.
  await sql`
    update ecellar.brand_businesses set initial_pull_id = nextval(pg_get_serial_sequence('ecellar.pulls', 'pull_id'))`.execute(
    database.db,
  )
  await sql`update ecellar.brands set enabled_at = ${enabledAt}`.execute(database.db)
  await sql`update ecellar.wineries set reservation_contact = slug || '@winery.example'`.execute(database.db)
  return { simulator, wineries, businessId: businessOf, close: () => simulator.close() }
}
