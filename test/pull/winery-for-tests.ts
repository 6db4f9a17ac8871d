/** A winery ready to be pulled, with a Tock of its own: what the engine's tests stand on. */

import { sql } from 'kysely'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import type { PullKind, PullReport } from '../../src/contract/pull-report.ts'
import type { Database } from '../../src/database/connect.ts'
import { runPull } from '../../src/pull/run-pull.ts'
import { actor } from '../actor.ts'
import { openSecrets } from './open-secrets.ts'

export type TestBrand = { code: string; businessId: string; businessGroupId: string; apiKey: string }

export type TestWinery = {
  wineryId: string
  slug: string
  pull(
    brand: string,
    kind?: PullKind,
    more?: { reread?: boolean; retry?: { tries: number; totalMs: number } },
  ): Promise<PullReport>
  rows<Row = Record<string, unknown>>(text: string): Promise<Row[]>
}

let made = 0

export async function wineryForTests(
  database: Database,
  tockUrl: string,
  brands: TestBrand[],
): Promise<TestWinery> {
  made += 1
  const slug = `winery-${made}-${process.pid}`
  const { db } = database
  const winery = await sql<{ id: string }>`
    insert into ecellar.wineries (slug, name, time_zone) values (${slug}, 'Test Winery', 'America/Los_Angeles')
    returning winery_id as id`.execute(db)
  const wineryId = winery.rows[0]?.id ?? ''
  await sql`
    with entries as (
      insert into ecellar.list_entries (winery_id, list, name)
      values (${wineryId}, 'customer source', 'Tock'), (${wineryId}, 'customer type', 'Guest')
      returning entry_id, list
    )
    insert into ecellar.web_store_settings (winery_id, brand_id, customer_source_id, customer_type_id)
    select ${wineryId}::bigint, 0, max(entry_id) filter (where list = 'customer source'), max(entry_id) filter (where list = 'customer type')
    from entries`.execute(db)
  for (const brand of brands) {
    const added = await sql<{ id: string }>`
      with b as (
        insert into ecellar.brands (winery_id, code, name, business_group_id, business_id)
        values (${wineryId}, ${brand.code}, ${brand.code}, ${brand.businessGroupId}, ${brand.businessId})
        returning *
      ), bb as (
        insert into ecellar.brand_businesses (winery_id, brand_id, business_id, business_group_id)
        select winery_id, brand_id, business_id, business_group_id from b
      )
      select brand_id as id from b`.execute(db)
    const brandId = added.rows[0]?.id ?? ''
    await storeTockKey(db, openSecrets, { wineryId, brandId, key: brand.apiKey, actor })
  }
  return {
    wineryId,
    slug,
    pull: (brand, kind = 'manual', more = {}) =>
      runPull({
        database,
        secrets: openSecrets,
        winery: slug,
        brand,
        kind,
        reread: more.reread ?? false,
        tock: { apiUrl: tockUrl, allowLoopbackHttp: true, retry: more.retry ?? { tries: 2, totalMs: 2_000 } },
      }),
    rows: async <Row>(text: string) =>
      (await sql.raw<Row>(text.replaceAll(':winery', `'${slug}'`).replaceAll(':id', wineryId)).execute(db))
        .rows,
  }
}
