/** What conditions can name at a winery, for whoever builds a segment: its lists, experiences, tags, pulls, imports. */

import { sql } from 'kysely'
import type { PullKind } from '../contract/pull-report.ts'
import type { ListName } from '../contract/vocabulary.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { Asking } from './ask-segment.ts'
import { readSegmentWorld } from './segment-world.ts'

export type SegmentChoices = {
  customerSources: string[]
  customerTypes: string[]
  allocationTiers: string[]
  locations: string[]
  reservationTypes: string[]
  experiences: { experienceId: string; name: string | null; brand: string }[]
  tags: string[]
  lists: { segmentId: Id; name: string }[]
  pulls: { pullId: Id; brand: string; kind: PullKind; finishedAt: Date; created: number }[]
  imports: { importId: Id; importedAt: Date; created: number }[]
}

/** More than this nobody looks through. */
const shown = 500

export async function segmentChoices({
  db,
  wineryId,
  now,
}: Pick<Asking, 'db' | 'wineryId' | 'now'>): Promise<SegmentChoices> {
  return inWinery(db, wineryId, async (trx) => {
    const world = await readSegmentWorld(trx, wineryId, now)
    const entries = (list: ListName) =>
      world.entries
        .filter((entry) => entry.list === list)
        .map(({ name }) => name)
        .sort((one, other) => one.localeCompare(other))
    const codes = new Map(world.brands.map(({ brandId, code }) => [brandId, code]))
    const tags = await sql<{ tag: string }>`
      select t.tag
      from ecellar.customers c
      cross join lateral unnest(c.tags) t (tag)
      where c.winery_id = ${wineryId} and c.tags <> '{}'
      group by t.tag
      order by count(*) desc, t.tag
      limit ${shown}`.execute(trx)
    const lists = await sql<SegmentChoices['lists'][number]>`
      select segment_id as "segmentId", name
      from ecellar.segments
      where winery_id = ${wineryId} and kind = 'static'
      order by lower(name)`.execute(trx)
    const pulls = await sql<SegmentChoices['pulls'][number]>`
      select p.pull_id as "pullId", b.code as brand, p.kind, p.finished_at as "finishedAt", p.customers_created as created
      from ecellar.pulls p
      join ecellar.brands b on b.winery_id = p.winery_id and b.brand_id = p.brand_id
      where p.winery_id = ${wineryId} and p.status = 'applied' and p.customers_created > 0
      order by p.pull_id desc
      limit ${shown}`.execute(trx)
    const imports = await sql<SegmentChoices['imports'][number]>`
      select import_id as "importId", imported_at as "importedAt", created
      from ecellar.imports
      where winery_id = ${wineryId}
      order by import_id desc
      limit ${shown}`.execute(trx)
    return {
      customerSources: entries('customer source'),
      customerTypes: entries('customer type'),
      allocationTiers: entries('allocation tier'),
      locations: entries('location'),
      reservationTypes: entries('reservation type'),
      experiences: world.experiences
        .map(({ experienceId, name, brandId }) => ({ experienceId, name, brand: codes.get(brandId) ?? '' }))
        .sort((one, other) => (one.name ?? '').localeCompare(other.name ?? '')),
      tags: tags.rows.map(({ tag }) => tag),
      lists: lists.rows,
      pulls: pulls.rows,
      imports: imports.rows,
    }
  })
}
