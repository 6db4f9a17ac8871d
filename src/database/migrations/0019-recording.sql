-- The order in which pulls were applied, as their winery saw it. Their numbers are taken when they begin: one that takes
-- long may be applied after one that began later, and whoever asks for "those since" by number would never see it.
create sequence ecellar.applied_order;
alter table ecellar.pulls add column applied_order bigint;

update ecellar.pulls p
set applied_order = numbered.applied_order
from (
  select winery_id, pull_id, nextval('ecellar.applied_order') as applied_order
  from (select winery_id, pull_id from ecellar.pulls where status = 'applied' order by finished_at, pull_id) applied
) numbered
where p.winery_id = numbered.winery_id and p.pull_id = numbered.pull_id;

-- Whoever applies holds the winery's lock until it is committed, so that the order is the one of the commits.
create function ecellar.number_applied_pull() returns trigger
language plpgsql security definer set search_path = ecellar, pg_temp as $$
begin
  new.applied_order := nextval('ecellar.applied_order');
  return new;
end
$$;
create trigger number_applied_pull
before insert or update of status on ecellar.pulls
for each row when (new.status = 'applied' and new.applied_order is null)
execute function ecellar.number_applied_pull();

-- Each minute: has a winery been pulled since its segments were recorded?
create index pulls_applied_order on ecellar.pulls (winery_id, applied_order);

alter table ecellar.segments
  -- takes the place of recorded_pull_id, which only programs of the version before still write
  add column recorded_order bigint not null default 0,
  -- one that cannot be recorded, because a name of its definition is gone, has its next turn then
  add column try_again_at timestamptz;

update ecellar.segments s
set recorded_order = coalesce((
  select max(p.applied_order) from ecellar.pulls p
  where p.winery_id = s.winery_id and p.pull_id <= s.recorded_pull_id
), 0);

-- The file that an export on a schedule is being written to.
alter table ecellar.export_schedules add column begun_file text;
