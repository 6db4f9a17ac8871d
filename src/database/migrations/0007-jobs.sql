-- Schedules, pulls that were asked for and run in workers, and what is news. The queue itself is pg-boss's, in the
-- schema "queue" that it makes and keeps; a job there is only the number of a request here.

-- When a brand is pulled; without a row: once a night, see crm/schedules.ts.
create table ecellar.schedules (
  winery_id bigint not null,
  brand_id bigint not null,
  -- local times, 'HH:MM', sorted
  times text[] not null check (cardinality(times) between 1 and 6),
  time_zone text not null,
  -- times before it are not made up for
  changed_at timestamptz not null default now(),
  primary key (winery_id, brand_id),
  foreign key (winery_id, brand_id) references ecellar.brands
);

create table ecellar.pull_requests (
  winery_id bigint not null,
  request_id bigint generated always as identity,
  brand_id bigint not null,
  kind text not null check (kind in ('preview', 'initial', 'manual', 'nightly')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'dropped')),
  -- the time of the schedule that a nightly one is for; null: somebody asked
  slot timestamptz,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  -- an initial pull runs only with the figures of this preview
  must_match_pull_id bigint,
  -- a job of the queue carries the attempt that it is for: one that comes late or twice does nothing
  attempt int not null default 1,
  -- waits to be tried again; the minute tick hands it to the queue
  again_at timestamptz,
  pull_id bigint,
  error_code text,
  error_message text,
  next_step text,
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (winery_id, request_id)
);
-- A brand is pulled once for each time of its schedule, whoever ticks, and how often.
create unique index pull_requests_slot on ecellar.pull_requests (winery_id, brand_id, slot) where slot is not null;
-- Whoever watches a pull knows its request's number alone.
create index pull_requests_id on ecellar.pull_requests (request_id);
-- What is not over: each tick looks at it, over all wineries.
create index pull_requests_open on ecellar.pull_requests (again_at) where state in ('queued', 'running');

-- One open row per brand and kind of news; closed on recovery.
create table ecellar.alerts (
  winery_id bigint not null,
  alert_id bigint generated always as identity,
  brand_id bigint not null,
  code text not null,
  message text not null,
  next_step text not null,
  raised_at timestamptz not null,
  recovered_at timestamptz,
  primary key (winery_id, alert_id)
);
-- Once per change of state, also with two ticks at the same instant.
create unique index alerts_open on ecellar.alerts (winery_id, brand_id, code) where recovered_at is null;

-- For which nights the mail to a winery's reservation contact was put out, or decided against.
create table ecellar.night_reports (
  winery_id bigint not null,
  night_starts_at timestamptz not null,
  decided_at timestamptz not null,
  primary key (winery_id, night_starts_at)
);

-- Customers whose days are over are released each minute, over all wineries (nightly_release after:N).
create index customers_release_due on ecellar.customers (release_due_at) where released_at is null and release_due_at is not null;

-- The last pulls of a brand: whether something is news is asked each minute, for all brands.
create index pulls_brand on ecellar.pulls (winery_id, brand_id, pull_id);
-- Exceptions that wait: how old is asked each minute, too.
create index exceptions_open on ecellar.exceptions (first_seen_at) where resolved_at is null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['schedules', 'pull_requests', 'alerts', 'night_reports'] loop
    call ecellar.protect(format('ecellar.%I', tenant_table)::regclass, false);
  end loop;
end
$$;
