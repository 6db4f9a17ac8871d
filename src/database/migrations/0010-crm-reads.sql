-- What people ask about customers and reservations, and the decisions of theirs that have to be looked up later.

-- One file that was brought in: where a customer comes from.
create table ecellar.imports (
  winery_id bigint not null,
  import_id bigint generated always as identity,
  imported_at timestamptz not null default now(),
  -- the actor's name, as in the audit
  imported_by text not null,
  rows int not null,
  created int not null,
  updated int not null,
  taken_over int not null,
  bad int not null,
  primary key (winery_id, import_id)
);

-- The import that created the customer, or took it over from Tock.
alter table ecellar.customers add column created_in_import bigint;

-- One release for marketing by a person (rule 21). Its customers are those whose released_at is this very instant,
-- so that it can be taken back without a mark on each of them.
create table ecellar.releases (
  winery_id bigint not null,
  release_id bigint generated always as identity,
  released_at timestamptz not null,
  released_by text not null,
  -- 'all', 'pull 12', 'created 2026-01-01 to 2026-01-31', 'one address'; never an address
  whom text not null,
  customers int not null,
  may_mail int not null,
  taken_back_at timestamptz,
  taken_back_by text,
  primary key (winery_id, release_id)
);

-- A winery admin has seen what a preview says its initial pull would do. Whether that still holds is asked, not stored.
create table ecellar.preview_confirmations (
  winery_id bigint not null,
  brand_id bigint not null,
  -- the preview
  pull_id bigint not null,
  business_id text collate "C" not null,
  -- its counts as they were shown
  figures jsonb not null,
  -- what new customers were to get then: source, type and tier of the brand and of the winery
  defaults jsonb not null,
  confirmed_at timestamptz not null default now(),
  confirmed_by_id text not null,
  confirmed_by_name text not null,
  primary key (winery_id, brand_id, pull_id)
);

do $$
begin
  call ecellar.protect('ecellar.imports', false);
  call ecellar.protect('ecellar.releases', false);
  call ecellar.protect('ecellar.preview_confirmations', false);
end
$$;

-- The facts of reservations and customers with the rules that follow from them, in one place: `reporting` shows them to
-- analysts as text, lists and cards read them with their numbers.
create view ecellar.reservation_facts with (security_invoker = true) as
select
  r.winery_id,
  r.brand_id,
  r.business_id,
  r.reservation_id,
  r.tock_key,
  w.slug as winery,
  b.code as brand,
  r.party_name,
  r.starts_at,
  r.local_start,
  r.time_zone,
  r.experience_id,
  e.name as experience,
  e.reservation_type_id,
  t.name as reservation_type,
  r.status,
  r.tock_state,
  r.is_cancelled,
  r.party_size,
  r.notes,
  coalesce(a.location_id, b.default_location_id) as location_id,
  coalesce(al.name, bl.name) as location,
  r.seating_area_id,
  a.name as seating_area,
  r.guest_patron_id,
  r.owner_patron_id,
  r.customer_id,
  c.email as customer_email,
  r.guest_email,
  r.guest_first_name,
  r.guest_last_name,
  -- Rule 13: shown, by a snapshot taken after its start, as none of Cancelled, Transferred, No Show; one that
  -- later goes missing stays a visit.
  r.status not in ('Cancelled', 'Transferred', 'No Show')
    and coalesce(r.starts_at < coalesce(r.last_shown_at, bb.last_snapshot_at), false)
    and not coalesce(t.not_a_visit, false) as is_visit,
  r.status in ('Arrived', 'Seated', 'Completed')
    and coalesce(r.starts_at < coalesce(r.last_shown_at, bb.last_snapshot_at), false)
    and not coalesce(t.not_a_visit, false) as is_attended,
  r.status not in ('Cancelled', 'Transferred', 'No Show')
    and r.starts_at >= now()
    and r.missing_since is null
    and not coalesce(t.not_a_visit, false) as is_upcoming,
  r.created_at,
  r.updated_at,
  r.first_seen_pull,
  r.changed_in_pull,
  r.missing_since
from ecellar.reservations r
join ecellar.wineries w on w.winery_id = r.winery_id
join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
left join ecellar.brand_businesses bb
  on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
left join ecellar.experiences e
  on e.winery_id = r.winery_id and e.brand_id = r.brand_id and e.experience_id = r.experience_id
left join ecellar.list_entries t on t.winery_id = e.winery_id and t.entry_id = e.reservation_type_id
left join ecellar.seating_areas a
  on a.winery_id = r.winery_id and a.brand_id = r.brand_id and a.seating_area_id = r.seating_area_id
left join ecellar.list_entries al on al.winery_id = a.winery_id and al.entry_id = a.location_id
left join ecellar.list_entries bl on bl.winery_id = b.winery_id and bl.entry_id = b.default_location_id
left join ecellar.customers c on c.winery_id = r.winery_id and c.customer_id = r.customer_id;

create or replace view reporting.reservations with (security_invoker = true) as
select
  winery,
  brand,
  reservation_id::text as reservation_id,
  tock_key::text as tock_key,
  party_name,
  starts_at,
  local_start,
  time_zone,
  experience_id::text as experience_id,
  experience,
  reservation_type,
  status,
  tock_state,
  is_cancelled,
  party_size,
  notes,
  location,
  seating_area,
  customer_id::text as customer_id,
  customer_email,
  guest_email,
  guest_first_name,
  guest_last_name,
  is_visit,
  created_at as tock_created_at,
  updated_at as tock_updated_at,
  first_seen_pull::text as first_seen_pull,
  changed_in_pull::text as changed_in_pull,
  missing_since
from ecellar.reservation_facts;

create view ecellar.customer_facts with (security_invoker = true) as
select
  c.winery_id,
  c.customer_id,
  w.slug as winery,
  c.ecellar_customer_id,
  c.email,
  c.email_key,
  c.first_name,
  c.last_name,
  source.name as customer_source,
  type.name as customer_type,
  tier.name as allocation_tier,
  c.email_consent,
  c.consent_source,
  c.asks_mail_again_at,
  c.bounced,
  c.active,
  c.club_member,
  c.tags,
  c.released_at,
  c.release_due_at,
  -- Rule 20.
  c.email_key is not null
    and not c.bounced
    and c.active
    and c.released_at is not null
    and (c.email_consent = 'in'
      or (c.email_consent = 'unknown' and w.mail_policy = 'not-opted-out' and c.created_by <> 'tock')) as may_mail,
  c.created_at,
  c.created_by,
  c.created_in_pull,
  c.created_in_import,
  c.edited_at
from ecellar.customers c
join ecellar.wineries w on w.winery_id = c.winery_id
left join ecellar.list_entries source on source.winery_id = c.winery_id and source.entry_id = c.customer_source_id
left join ecellar.list_entries type on type.winery_id = c.winery_id and type.entry_id = c.customer_type_id
left join ecellar.list_entries tier on tier.winery_id = c.winery_id and tier.entry_id = c.allocation_tier_id;

create or replace view reporting.customers with (security_invoker = true) as
select
  c.winery,
  c.customer_id::text as customer_id,
  c.ecellar_customer_id,
  c.email,
  c.first_name,
  c.last_name,
  c.customer_source,
  c.customer_type,
  c.allocation_tier,
  c.email_consent,
  c.bounced,
  c.active,
  c.released_at,
  c.may_mail,
  c.created_at,
  c.created_by,
  c.created_in_pull::text as created_in_pull,
  coalesce(v.visits, 0) as visits,
  v.first_visit_on,
  v.last_visit_on,
  v.next_visit_on
from ecellar.customer_facts c
left join (
  -- Visits are days at a brand (rule 13); the next one is upcoming, not cancelled and still in Tock.
  select
    d.winery_id,
    d.customer_id,
    count(*) filter (where d.is_visit)::int as visits,
    min(d.local_day) filter (where d.is_visit) as first_visit_on,
    max(d.local_day) filter (where d.is_visit) as last_visit_on,
    min(d.local_day) filter (where d.is_upcoming) as next_visit_on
  from (
    select
      r.winery_id,
      r.customer_id,
      r.brand_id,
      r.local_start::date as local_day,
      bool_or(r.is_visit) as is_visit,
      bool_or(r.is_upcoming) as is_upcoming
    from ecellar.reservation_facts r
    where r.customer_id is not null
      and (r.is_visit or r.is_upcoming)
    group by r.winery_id, r.customer_id, r.brand_id, r.local_start::date
  ) d
  group by d.winery_id, d.customer_id
) v on v.winery_id = c.winery_id and v.customer_id = c.customer_id;

do $$
begin
  execute format('grant select on ecellar.reservation_facts, ecellar.customer_facts to %I, %I, %I',
    ecellar.role_name('tenant'), ecellar.role_name('support'), ecellar.role_name('analyst'));
end
$$;
