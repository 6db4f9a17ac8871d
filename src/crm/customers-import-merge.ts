/** Brings the staged rows into the customers: sets, not loops; a customer that stays as it is is not written. */

import type pg from 'pg'
import type { Id } from '../database/rows.ts'
import type { Remark } from './customers-import-resolve.ts'

export type MergeResult = {
  created: number
  updated: number
  unchanged: number
  takenOver: number
  remarks: Remark[]
}

/** Works on `import_rows`, of which every row has its customer by now. */
export async function mergeCustomers(client: pg.Client, wineryId: Id, importId: Id): Promise<MergeResult> {
  await client.query(createEntries, [wineryId])
  await client.query(settleCustomers, [wineryId])
  await client.query(markChanged, [wineryId])
  const stillOut = await client.query<{ line: number }>(findStillOut)
  for (const step of [rememberFields, rememberConsent]) await client.query(step, [wineryId])
  for (const step of [updateCustomers, insertCustomers]) await client.query(step, [wineryId, importId])
  const sharing = await client.query<{ line: number }>(findSharing, [wineryId])
  const counts = await client.query<Omit<MergeResult, 'remarks'>>(count)
  const { created, updated, unchanged, takenOver } = counts.rows[0] ?? {
    created: 0,
    updated: 0,
    unchanged: 0,
    takenOver: 0,
  }
  if (created + updated + takenOver > 0) {
    await client.query(
      'update ecellar.wineries set identity_revision = identity_revision + 1 where winery_id = $1',
      [wineryId],
    )
  }
  return {
    created,
    updated,
    unchanged,
    takenOver,
    remarks: [
      ...stillOut.rows.map(({ line }) => ({
        line,
        text: 'wants_email says yes, but this customer has opted out and stays so; opting in again is the winery admin’s.',
      })),
      ...sharing.rows.map(({ line }) => ({ line, text: 'another customer has this e-mail address too.' })),
    ],
  }
}

// The file is eCELLAR's own data: its names make list entries on purpose.
const createEntries = `
with named as (
  select distinct on (n.list, lower(n.name)) n.list, n.name
  from import_rows i
  cross join lateral (values
    ('customer source', i.customer_source),
    ('customer type', i.customer_type),
    ('allocation tier', i.allocation_tier)
  ) as n (list, name)
  where n.name is not null
  order by n.list, lower(n.name), i.line
)
insert into ecellar.list_entries (winery_id, list, name)
select $1, n.list, n.name
from named n
where not exists (
  select from ecellar.list_entries e
  where e.winery_id = $1 and e.list = n.list and lower(e.name) = lower(n.name)
)`

// Several rows of one customer count as if they came one after the other: the later line's cells win, empty cells
// change nothing, a "no" to mail stands.
const lastFilled = (column: string) =>
  `(array_agg(${column} order by line desc) filter (where ${column} is not null))[1] as ${column}`

const settleCustomers = `
with counted as (
  select i.*, count(*) over (partition by customer_id, new_key) as times
  from import_rows i
),
merged as (
  select customer_id, new_key, line, ecellar_id, email, email_key, first_name, last_name, customer_source,
    customer_type, allocation_tier, active, wants_email, created_at, bounced, club_member, tags
  from counted
  where times = 1
  union all
  select
    customer_id,
    new_key,
    max(line),
    max(ecellar_id),
    ${[
      'email',
      'email_key',
      'first_name',
      'last_name',
      'customer_source',
      'customer_type',
      'allocation_tier',
      'active',
    ]
      .map(lastFilled)
      .join(',\n    ')},
    bool_and(wants_email),
    ${['created_at', 'bounced', 'club_member', 'tags'].map(lastFilled).join(',\n    ')}
  from counted
  where times > 1
  group by customer_id, new_key
)
insert into import_customers (customer_id, line, is_new, is_taken_over, wants_email, brings_address,
  ecellar_customer_id, email, email_key, first_name, last_name, customer_source_id, customer_type_id,
  allocation_tier_id, email_consent, consent_source, bounced, active, club_member, tags, released_at, created_at)
select
  coalesce(m.customer_id, nextval('ecellar.customer_ids')),
  m.line,
  m.customer_id is null,
  coalesce(c.created_by = 'tock', false),
  m.wants_email,
  m.email_key is not null,
  coalesce(m.ecellar_id, c.ecellar_customer_id),
  coalesce(m.email, c.email),
  coalesce(m.email_key, c.email_key),
  coalesce(m.first_name, c.first_name),
  coalesce(m.last_name, c.last_name),
  coalesce(source.entry_id, c.customer_source_id),
  coalesce(type.entry_id, c.customer_type_id),
  coalesce(tier.entry_id, c.allocation_tier_id),
  case
    when not m.wants_email then 'out'
    when m.wants_email and coalesce(c.email_consent, 'unknown') = 'unknown' then 'in'
    else coalesce(c.email_consent, 'unknown')
  end,
  case
    when not m.wants_email and c.email_consent is distinct from 'out' then 'import'
    when m.wants_email and coalesce(c.email_consent, 'unknown') = 'unknown' then 'import'
    else c.consent_source
  end,
  coalesce(m.bounced, c.bounced, false),
  coalesce(m.active, c.active, true),
  coalesce(m.club_member, c.club_member, false),
  coalesce(string_to_array(m.tags, chr(31)), c.tags, '{}'),
  -- Imported customers are released at their creation; staff's own dates stay.
  case
    when c.customer_id is null or c.created_by = 'tock' then coalesce(m.created_at, c.created_at, now())
    when c.created_by = 'import' and m.created_at <> c.created_at then m.created_at
    else c.released_at
  end,
  coalesce(m.created_at, c.created_at, now())
from merged m
left join ecellar.customers c on c.winery_id = $1 and c.customer_id = m.customer_id
left join ecellar.list_entries source
  on source.winery_id = $1 and source.list = 'customer source' and lower(source.name) = lower(m.customer_source)
left join ecellar.list_entries type
  on type.winery_id = $1 and type.list = 'customer type' and lower(type.name) = lower(m.customer_type)
left join ecellar.list_entries tier
  on tier.winery_id = $1 and tier.list = 'allocation tier' and lower(tier.name) = lower(m.allocation_tier)
order by m.line`

const columns = [
  'ecellar_customer_id',
  'email',
  'email_key',
  'first_name',
  'last_name',
  'customer_source_id',
  'customer_type_id',
  'allocation_tier_id',
  'email_consent',
  'consent_source',
  'bounced',
  'active',
  'club_member',
  'tags',
  'released_at',
  'created_at',
]
const columnsOf = (table: string) => columns.map((column) => `${table}.${column}`).join(', ')

const markChanged = `
update import_customers i
set is_changed = i.is_taken_over or (${columnsOf('i')}) is distinct from (${columnsOf('c')})
from ecellar.customers c
where c.winery_id = $1
  and c.customer_id = i.customer_id
  and not i.is_new`

const findStillOut = `
select i.line
from import_customers i
where i.wants_email
  and i.email_consent = 'out'`

const entryName = (column: string) => {
  const name = (table: string) =>
    `case when c.${column}_id is distinct from i.${column}_id then
       (select e.name from ecellar.list_entries e where e.winery_id = $1 and e.entry_id = ${table}.${column}_id) end`
  return `('${column}', ${name('c')}, ${name('i')})`
}

// Rule 23. Consent has its own history; email_key only follows email.
const rememberFields = `
insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
select $1, 'customer', i.customer_id, f.field, f.before, f.after, 'import'
from import_customers i
join ecellar.customers c on c.winery_id = $1 and c.customer_id = i.customer_id
cross join lateral (values
  ('ecellar_customer_id', c.ecellar_customer_id, i.ecellar_customer_id),
  ('email', c.email, i.email),
  ('first_name', c.first_name, i.first_name),
  ('last_name', c.last_name, i.last_name),
  ${['customer_source', 'customer_type', 'allocation_tier'].map(entryName).join(',\n  ')},
  ('bounced', c.bounced::text, i.bounced::text),
  ('active', c.active::text, i.active::text),
  ('club_member', c.club_member::text, i.club_member::text),
  ('tags', array_to_string(c.tags, '; '), array_to_string(i.tags, '; ')),
  ('released_at', c.released_at::text, i.released_at::text),
  ('created_at', c.created_at::text, i.created_at::text),
  ('created_by', c.created_by, case when i.is_taken_over then 'import' else c.created_by end)
) as f (field, before, after)
where i.is_changed
  and f.before is distinct from f.after`

const rememberConsent = `
insert into ecellar.consent_changes (winery_id, customer_id, before, after, source)
select $1, i.customer_id, coalesce(c.email_consent, 'unknown'), i.email_consent, 'import'
from import_customers i
left join ecellar.customers c on c.winery_id = $1 and c.customer_id = i.customer_id
where coalesce(c.email_consent, 'unknown') <> i.email_consent`

const updateCustomers = `
update ecellar.customers c
set
  ${columns.map((column) => `${column} = i.${column}`).join(',\n  ')},
  release_due_at = case when i.released_at is null then c.release_due_at end,
  created_by = case when i.is_taken_over then 'import' else c.created_by end,
  created_in_import = case when i.is_taken_over then $2 else c.created_in_import end,
  -- Tock's names are no longer followed.
  edited_at = now()
from import_customers i
where c.winery_id = $1
  and c.customer_id = i.customer_id
  and i.is_changed`

const insertCustomers = `
insert into ecellar.customers (winery_id, customer_id, created_by, created_in_import, ${columns.join(', ')})
select $1, i.customer_id, 'import', $2, ${columnsOf('i')}
from import_customers i
where i.is_new
order by i.line`

const findSharing = `
select i.line
from import_customers i
where i.brings_address
  and i.email_key in (
    select c.email_key
    from ecellar.customers c
    where c.winery_id = $1
      and c.email_key is not null
    group by c.email_key
    having count(*) > 1
  )`

const count = `
select
  count(*) filter (where is_new)::int as created,
  count(*) filter (where is_taken_over)::int as "takenOver",
  count(*) filter (where is_changed and not is_taken_over)::int as updated,
  count(*) filter (where not is_new and not is_changed)::int as unchanged
from import_customers`
