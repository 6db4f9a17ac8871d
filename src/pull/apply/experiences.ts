/** The Tock Experiences List and the seating areas grow from what reservations name (rule 14). */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'

export async function collectExperiences(
  client: pg.Client,
  facts: PullFacts,
): Promise<{ experiences: number; areas: number }> {
  // The latest edit names it; a rename keeps the mapping.
  const experiences = await run<{ is_new: boolean }>(
    client,
    facts,
    `with named as (
      select experience_id, experience_name as name, experience_variety as variety, max(updated_at) as named_at
      from stage_reservations
      where experience_id is not null
      group by experience_id, experience_name, experience_variety
    ), latest as (
      select distinct on (experience_id) experience_id, name, variety, named_at
      from named
      order by experience_id, (name is not null) desc, named_at desc nulls last, name desc, variety desc nulls last
    )
    insert into ecellar.experiences as e (winery_id, brand_id, experience_id, name, variety, named_at, first_seen_at)
    select :winery, :brand, experience_id, name, variety, named_at, :now from latest
    on conflict (winery_id, brand_id, experience_id) do update
    set name = coalesce(excluded.name, e.name), variety = coalesce(excluded.variety, e.variety),
      named_at = coalesce(excluded.named_at, e.named_at)
    where coalesce(excluded.named_at >= e.named_at, true)
      and (e.name, e.variety, e.named_at) is distinct from
        (coalesce(excluded.name, e.name), coalesce(excluded.variety, e.variety), coalesce(excluded.named_at, e.named_at))
    returning xmax = 0 as is_new`,
  )
  const areas = await run<{ is_new: boolean }>(
    client,
    facts,
    `with named as (
      select seating_area_id, seating_area_name as name, max(updated_at) as named_at
      from stage_reservations
      where seating_area_id is not null
      group by seating_area_id, seating_area_name
    ), latest as (
      select distinct on (seating_area_id) seating_area_id, name, named_at
      from named
      order by seating_area_id, (name is not null) desc, named_at desc nulls last, name desc
    )
    insert into ecellar.seating_areas as a (winery_id, brand_id, seating_area_id, name, named_at, first_seen_at)
    select :winery, :brand, seating_area_id, name, named_at, :now from latest
    on conflict (winery_id, brand_id, seating_area_id) do update
    set name = coalesce(excluded.name, a.name), named_at = coalesce(excluded.named_at, a.named_at)
    where coalesce(excluded.named_at >= a.named_at, true)
      and (a.name, a.named_at) is distinct from
        (coalesce(excluded.name, a.name), coalesce(excluded.named_at, a.named_at))
    returning xmax = 0 as is_new`,
  )
  const countNew = (rows: { is_new: boolean }[]) => rows.filter((row) => row.is_new).length
  return { experiences: countNew(experiences.rows), areas: countNew(areas.rows) }
}
