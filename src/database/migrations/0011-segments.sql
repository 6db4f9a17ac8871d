-- Segments that people keep, who was in them night by night, and what was handed out of them.

create table ecellar.segments (
  winery_id bigint not null,
  segment_id bigint generated always as identity,
  name text not null check (name <> ''),
  -- static: the list that it was when it was saved, in segment_members
  kind text not null check (kind in ('dynamic', 'static')),
  -- contract/segment.ts; of a static one what its list was made from, if anything
  definition jsonb,
  created_at timestamptz not null,
  created_by text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  -- the audience of a campaign that is scheduled elsewhere: new members get its mail by themselves
  campaign_name text,
  campaign_at timestamptz,
  -- when membership was recorded last, and the last pull that it saw
  recorded_at timestamptz not null,
  recorded_pull_id bigint not null default 0,
  primary key (winery_id, segment_id),
  check (kind = 'static' or definition is not null)
);
-- One segment per name, however it is capitalised.
create unique index segments_name on ecellar.segments (winery_id, lower(name));

-- A static segment's list; a dynamic one's customers when it was recorded last.
create table ecellar.segment_members (
  winery_id bigint not null,
  segment_id bigint not null,
  customer_id bigint not null,
  primary key (winery_id, segment_id, customer_id)
);
-- Who is erased leaves all lists.
create index segment_members_customer on ecellar.segment_members (winery_id, customer_id);

create table ecellar.segment_moves (
  winery_id bigint not null,
  move_id bigint generated always as identity,
  segment_id bigint not null,
  customer_id bigint not null,
  entered boolean not null,
  because text not null check (because in
    ('initial pull', 'decision', 'mapping', 'pull', 'import', 'edit', 'release', 'definition', 'time')),
  moved_at timestamptz not null,
  -- Entries by an initial pull, a mapping or a decision wait: null, until a person confirms them.
  confirmed_at timestamptz,
  confirmed_by text,
  primary key (winery_id, move_id)
);
-- A segment's moves, the latest first.
create index segment_moves_segment on ecellar.segment_moves (winery_id, segment_id, move_id);
-- What waits for a person: asked with every scheduled export.
create index segment_moves_waiting on ecellar.segment_moves (winery_id, segment_id, customer_id) where confirmed_at is null;
-- Who is erased leaves the history too.
create index segment_moves_customer on ecellar.segment_moves (winery_id, customer_id);

create table ecellar.segment_sizes (
  winery_id bigint not null,
  segment_id bigint not null,
  recorded_at timestamptz not null,
  matching int not null,
  may_mail int not null,
  primary key (winery_id, segment_id, recorded_at)
);

alter table ecellar.exports
  add column segment_id bigint,
  add column format text check (format in ('csv', 'jsonl')),
  add column columns text[] not null default '{}',
  -- it carried people who may not be mailed, and says so; why a person wanted it
  add column not_for_mailing boolean not null default false,
  add column reason text,
  add column rows int,
  add column schedule_id bigint;

-- Notes, dietary ones among them, leave in exports only where the winery's admin said so.
alter table ecellar.wineries add column export_notes boolean not null default false;

-- A segment's export to a file, again and again.
create table ecellar.export_schedules (
  winery_id bigint not null,
  schedule_id bigint generated always as identity,
  segment_id bigint not null,
  format text not null check (format in ('csv', 'jsonl')),
  columns text[] not null,
  -- 1 is Monday; null: every day
  weekday int check (weekday between 1 and 7),
  -- on the winery's clock
  at_time text not null check (at_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  made_by_kind text not null,
  made_by_id text not null,
  made_by text not null,
  made_at timestamptz not null,
  -- the winery's day for which it was done last, or decided against
  done_on date,
  stopped_at timestamptz,
  stopped_because text,
  primary key (winery_id, schedule_id)
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['segments', 'segment_members', 'segment_moves', 'segment_sizes', 'export_schedules'] loop
    call ecellar.protect(format('ecellar.%I', tenant_table)::regclass, false);
  end loop;
end
$$;
