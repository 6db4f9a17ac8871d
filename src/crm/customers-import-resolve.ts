/** Whose row is it? eCELLAR's number is the key where a row has one, else the address. */

import type pg from 'pg'
import type { Id } from '../database/rows.ts'

export type Remark = { line: number; text: string }

/** Sets `customer_id` or `new_key` on every staged row, and takes out the rows that are nobody's. */
export async function resolveCustomers(
  client: pg.Client,
  wineryId: Id,
): Promise<{ bad: { line: number; problem: string }[]; remarks: Remark[]; repeated: number }> {
  for (const step of [byNumber, byAdoption, byAddress]) await client.query(step, [wineryId])
  await client.query(byAddressInFile)
  await client.query(asNew)
  const bad = await client.query<{ line: number; problem: string }>(
    'delete from import_rows where problem is not null returning line, problem',
  )
  const repeated = await client.query<{ line: number; last_line: number }>(repetitions)
  return {
    bad: bad.rows,
    remarks: repeated.rows.map(({ line, last_line }) => ({
      line,
      text: `the same customer comes again on line ${last_line}; where both fill a column, the later line counts.`,
    })),
    repeated: repeated.rows.length,
  }
}

const byNumber = `
update import_rows i
set customer_id = c.customer_id
from ecellar.customers c
where c.winery_id = $1
  and c.ecellar_customer_id = i.ecellar_id`

// A number that is new here, with the address of a customer that has no number yet: created by a pull, or by a file
// without numbers. It becomes that customer's; the first of several numbers with the address gets it.
const byAdoption = `
with wanted as (
  select distinct on (ecellar_id) ecellar_id, email_key, line
  from import_rows
  where ecellar_id is not null
    and customer_id is null
    and email_key is not null
  order by ecellar_id, line desc
),
first_wanted as (
  select distinct on (email_key) email_key, ecellar_id
  from wanted
  order by email_key, line
),
candidates as (
  select
    c.email_key,
    case
      when count(*) = 1 then min(c.customer_id)
      when count(*) filter (where c.active) = 1 then min(c.customer_id) filter (where c.active)
    end as customer_id
  from ecellar.customers c
  where c.winery_id = $1
    and c.ecellar_customer_id is null
    and c.email_key in (select email_key from first_wanted)
  group by c.email_key
)
update import_rows i
set customer_id = k.customer_id
from first_wanted f
join candidates k on k.email_key = f.email_key
where i.ecellar_id = f.ecellar_id
  and k.customer_id is not null`

const byAddress = `
with owners as (
  select
    c.email_key,
    case
      when count(*) = 1 then min(c.customer_id)
      when count(*) filter (where c.active) = 1 then min(c.customer_id) filter (where c.active)
    end as customer_id
  from ecellar.customers c
  where c.winery_id = $1
    and c.email_key in (select email_key from import_rows where ecellar_id is null)
  group by c.email_key
)
update import_rows i
set
  customer_id = o.customer_id,
  problem = case when o.customer_id is null
    then 'email belongs to several customers, of whom not exactly one is active; fill customer_id' end
from owners o
where i.ecellar_id is null
  and i.email_key = o.email_key`

const byAddressInFile = `
with owners as (
  select email_key, min(ecellar_id) as ecellar_id, min(customer_id) as customer_id, count(distinct ecellar_id) as numbers
  from import_rows
  where ecellar_id is not null
    and email_key is not null
  group by email_key
)
update import_rows i
set
  customer_id = case when o.numbers = 1 then o.customer_id end,
  new_key = case when o.numbers = 1 and o.customer_id is null then 'id:' || o.ecellar_id end,
  problem = case when o.numbers > 1
    then 'email belongs to several customers of this file; fill customer_id' end
from owners o
where i.ecellar_id is null
  and i.customer_id is null
  and i.problem is null
  and i.email_key = o.email_key`

const asNew = `
update import_rows
set new_key = coalesce('id:' || ecellar_id, 'email:' || email_key)
where customer_id is null
  and new_key is null
  and problem is null`

const repetitions = `
select line, last_line
from (
  select line, max(line) over (partition by customer_id, new_key) as last_line
  from import_rows
) r
where line < last_line`
