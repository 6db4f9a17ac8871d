-- What analysts read: names and columns are a contract. Row-level security holds through the views
-- (security_invoker), ids are text, `winery` and `brand` are slug and Brand Code.

create schema reporting;

create view reporting.reservations with (security_invoker = true) as
select
  w.slug as winery,
  b.code as brand,
  r.reservation_id::text as reservation_id,
  r.tock_key::text as tock_key,
  r.party_name,
  r.starts_at,
  r.local_start,
  r.time_zone,
  r.experience_id::text as experience_id,
  e.name as experience,
  t.name as reservation_type,
  r.status,
  r.tock_state,
  r.is_cancelled,
  r.party_size,
  r.notes,
  coalesce(al.name, bl.name) as location,
  a.name as seating_area,
  r.customer_id::text as customer_id,
  c.email as customer_email,
  r.guest_email,
  r.guest_first_name,
  r.guest_last_name,
  -- Rule 13: shown, by a snapshot taken after its start, as none of Cancelled, Transferred, No Show; one that
  -- later goes missing stays a visit.
  r.status not in ('Cancelled', 'Transferred', 'No Show')
    and coalesce(r.starts_at < coalesce(r.last_shown_at, bb.last_snapshot_at), false)
    and not coalesce(t.not_a_visit, false) as is_visit,
  r.created_at as tock_created_at,
  r.updated_at as tock_updated_at,
  r.first_seen_pull::text as first_seen_pull,
  r.changed_in_pull::text as changed_in_pull,
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

create view reporting.customers with (security_invoker = true) as
select
  w.slug as winery,
  c.customer_id::text as customer_id,
  c.ecellar_customer_id,
  c.email,
  c.first_name,
  c.last_name,
  source.name as customer_source,
  type.name as customer_type,
  tier.name as allocation_tier,
  c.email_consent,
  c.bounced,
  c.active,
  c.released_at,
  -- Rule 20.
  c.email_key is not null
    and not c.bounced
    and c.active
    and c.released_at is not null
    and (c.email_consent = 'in'
      or (c.email_consent = 'unknown' and w.mail_policy = 'not-opted-out' and c.created_by <> 'tock')) as may_mail,
  c.created_at,
  c.created_by,
  c.created_in_pull::text as created_in_pull,
  coalesce(v.visits, 0) as visits,
  v.first_visit_on,
  v.last_visit_on,
  v.next_visit_on
from ecellar.customers c
join ecellar.wineries w on w.winery_id = c.winery_id
left join ecellar.list_entries source on source.winery_id = c.winery_id and source.entry_id = c.customer_source_id
left join ecellar.list_entries type on type.winery_id = c.winery_id and type.entry_id = c.customer_type_id
left join ecellar.list_entries tier on tier.winery_id = c.winery_id and tier.entry_id = c.allocation_tier_id
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
      bool_or(coalesce(r.starts_at < coalesce(r.last_shown_at, bb.last_snapshot_at), false)) as is_visit,
      bool_or(r.starts_at >= now() and r.missing_since is null) as is_upcoming
    from ecellar.reservations r
    left join ecellar.brand_businesses bb
      on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
    left join ecellar.experiences e
      on e.winery_id = r.winery_id and e.brand_id = r.brand_id and e.experience_id = r.experience_id
    left join ecellar.list_entries t on t.winery_id = e.winery_id and t.entry_id = e.reservation_type_id
    where r.customer_id is not null
      and r.status not in ('Cancelled', 'Transferred', 'No Show')
      and not coalesce(t.not_a_visit, false)
    group by r.winery_id, r.customer_id, r.brand_id, r.local_start::date
  ) d
  group by d.winery_id, d.customer_id
) v on v.winery_id = c.winery_id and v.customer_id = c.customer_id;

create view reporting.experiences with (security_invoker = true) as
select
  w.slug as winery,
  b.code as brand,
  e.experience_id::text as experience_id,
  e.name,
  e.variety,
  coalesce(n.reservations, 0)::int as reservations,
  t.name as reservation_type,
  coalesce(t.not_a_visit, false) as not_a_visit,
  e.ignored,
  e.first_seen_at
from ecellar.experiences e
join ecellar.wineries w on w.winery_id = e.winery_id
join ecellar.brands b on b.winery_id = e.winery_id and b.brand_id = e.brand_id
left join ecellar.list_entries t on t.winery_id = e.winery_id and t.entry_id = e.reservation_type_id
left join (
  select r.winery_id, r.brand_id, r.experience_id, count(*) as reservations
  from ecellar.reservations r
  group by r.winery_id, r.brand_id, r.experience_id
) n on n.winery_id = e.winery_id and n.brand_id = e.brand_id and n.experience_id = e.experience_id;

-- One row per seating area, and one without an area per brand: the brand's default.
create view reporting.locations with (security_invoker = true) as
with counted as (
  select r.winery_id, r.brand_id, r.seating_area_id, count(*)::int as reservations
  from ecellar.reservations r
  group by r.winery_id, r.brand_id, r.seating_area_id
),
areas as (
  select a.winery_id, a.brand_id, a.seating_area_id, a.name, a.location_id from ecellar.seating_areas a
  union all
  select b.winery_id, b.brand_id, null, null, null from ecellar.brands b
)
select
  w.slug as winery,
  b.code as brand,
  a.seating_area_id::text as seating_area_id,
  a.name as seating_area,
  coalesce(n.reservations, 0) as reservations,
  coalesce(al.name, bl.name) as location
from areas a
join ecellar.wineries w on w.winery_id = a.winery_id
join ecellar.brands b on b.winery_id = a.winery_id and b.brand_id = a.brand_id
left join ecellar.list_entries al on al.winery_id = a.winery_id and al.entry_id = a.location_id
left join ecellar.list_entries bl on bl.winery_id = b.winery_id and bl.entry_id = b.default_location_id
left join counted n
  on n.winery_id = a.winery_id and n.brand_id = a.brand_id and n.seating_area_id is not distinct from a.seating_area_id;

create view reporting.pulls with (security_invoker = true) as
select
  p.pull_id::text as pull_id,
  w.slug as winery,
  b.code as brand,
  p.kind,
  p.status,
  p.error_code,
  p.started_at,
  p.finished_at,
  p.snapshot_taken_at,
  p.snapshot_files,
  p.snapshot_files_unchanged,
  p.snapshot_bytes,
  p.reservations_in_snapshot,
  p.reservations_added,
  p.reservations_changed,
  p.reservations_unchanged,
  p.reservations_excluded,
  p.reservations_stale,
  p.reservations_exceptions,
  p.reservations_missing,
  p.guests_read,
  p.guests_archived,
  p.guests_without_email,
  p.guests_waiting,
  p.guests_bookers_only,
  p.customers_created,
  p.customers_matched,
  p.customers_unreleased,
  p.customers_doubtful,
  p.experiences_new,
  p.experiences_unmapped,
  p.locations_new,
  p.locations_unmapped,
  p.duration_ms
from ecellar.pulls p
join ecellar.wineries w on w.winery_id = p.winery_id
join ecellar.brands b on b.winery_id = p.winery_id and b.brand_id = p.brand_id;

create view reporting.exceptions with (security_invoker = true) as
select
  w.slug as winery,
  b.code as brand,
  x.exception_id::text as exception_id,
  x.pull_id::text as pull_id,
  x.code,
  x.tock_key,
  x.message,
  x.first_seen_at,
  x.resolved_at
from ecellar.exceptions x
join ecellar.wineries w on w.winery_id = x.winery_id
join ecellar.brands b on b.winery_id = x.winery_id and b.brand_id = x.brand_id;

do $$
begin
  execute format('grant usage on schema reporting to %I, %I, %I', ecellar.role_name('tenant'),
    ecellar.role_name('support'), ecellar.role_name('analyst'));
  execute format('grant select on all tables in schema reporting to %I, %I, %I', ecellar.role_name('tenant'),
    ecellar.role_name('support'), ecellar.role_name('analyst'));
end
$$;
