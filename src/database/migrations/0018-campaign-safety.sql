-- Whom an export carried as rows of its own, so that one of any size is made and asked about without an array in memory;
-- scheduled exports that a person stops and starts, and what became of the last one; releases of so many a day.

create table ecellar.export_customers (
  winery_id bigint not null,
  export_id bigint not null,
  customer_id bigint not null,
  primary key (winery_id, export_id, customer_id)
);
-- An erasure, an undo and a release that is taken back ask which exports carried a customer.
create index export_customers_customer on ecellar.export_customers (winery_id, customer_id);

insert into ecellar.export_customers (winery_id, export_id, customer_id)
select distinct e.winery_id, e.export_id, c.customer_id
from ecellar.exports e
cross join lateral unnest(e.customer_ids) as c (customer_id);

update ecellar.exports set rows = cardinality(customer_ids) where rows is null;

-- Programs of the version before still write the array. It goes when none of them can be running any more.
create function ecellar.put_export_customers() returns trigger language plpgsql as $$
begin
  insert into ecellar.export_customers (winery_id, export_id, customer_id)
  select distinct new.winery_id, new.export_id, c.customer_id
  from unnest(new.customer_ids) as c (customer_id)
  on conflict do nothing;
  return null;
end
$$;
create trigger exports_of_the_version_before
after insert on ecellar.exports
for each row when (new.customer_ids <> '{}')
execute function ecellar.put_export_customers();

alter table ecellar.export_schedules
  -- a person stopped it; stopped_at says that the program did
  add column paused_at timestamptz,
  add column paused_by text,
  -- the winery's day whose export was begun last, and that export: another worker goes on with the very same
  add column begun_on date,
  add column export_id bigint,
  add column file_name text,
  -- what became of the last one that was made
  add column done_at timestamptz,
  add column rows int,
  add column waiting int,
  -- one that failed is tried again, some times
  add column tries int not null default 0,
  add column try_again_at timestamptz,
  -- its file still carries somebody who was erased since
  add column rewrite_since timestamptz;

-- A release of so many a day, until all are released or somebody stops it.
create table ecellar.release_plans (
  winery_id bigint not null,
  plan_id bigint generated always as identity,
  -- contract/release-plan.ts; of those who waited when it was made
  whom jsonb not null,
  a_day int not null check (a_day > 0),
  -- on the winery's clock
  at_time text not null check (at_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  made_at timestamptz not null,
  made_by_kind text not null,
  made_by_id text not null,
  made_by text not null,
  -- the winery's day of its last stage
  last_on date,
  ended_at timestamptz,
  -- null: by itself
  ended_by text,
  ended_because text,
  primary key (winery_id, plan_id)
);

-- The stages of a plan are releases like any other, and are taken back like any other.
alter table ecellar.releases add column plan_id bigint;

do $$
begin
  call ecellar.protect('ecellar.export_customers', false);
  call ecellar.protect('ecellar.release_plans', false);
end
$$;
