-- Who may see what. Role names derive from the database's name, so that several databases of one server keep
-- apart. The program works as <db>_tenant inside one winery (setting app.winery), Support's reads over all
-- wineries as <db>_support; an analyst's own login is a member of <db>_analyst and is bound to its winery by
-- current_user, never by a setting that the analyst could change. No FORCE: the owner migrates and stages.

create function ecellar.role_name(suffix text) returns text language sql stable as $$
  select case
    when length(current_database()) <= 40 then current_database()
    else left(current_database(), 24) || '_' || left(md5(current_database()), 12)
  end || '_' || suffix
$$;

-- The winery of an analyst's login; null for everybody else, so that policies fail closed.
create function ecellar.winery_of_analyst(login name) returns bigint
language sql stable security definer set search_path = ecellar, pg_temp as $$
  select winery_id from ecellar.analyst_logins where role_name = login
$$;

-- Gives a tenant table its policies and grants. `analysts`: the reporting views read it.
create procedure ecellar.protect(target regclass, analysts boolean) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy tenant on %s to %I using (winery_id = nullif(current_setting(''app.winery'', true), '''')::bigint)',
    target, ecellar.role_name('tenant'));
  execute format('create policy support on %s to %I using (true)', target, ecellar.role_name('support'));
  execute format('grant select, insert, update, delete on %s to %I, %I', target,
    ecellar.role_name('tenant'), ecellar.role_name('support'));
  if analysts then
    execute format('create policy analyst on %s for select to %I using (winery_id = (select ecellar.winery_of_analyst(current_user)))',
      target, ecellar.role_name('analyst'));
    execute format('grant select on %s to %I', target, ecellar.role_name('analyst'));
  end if;
end
$$;

do $$
declare
  suffix text;
  tenant_table text;
begin
  foreach suffix in array array['tenant', 'support', 'analyst'] loop
    if not exists (select from pg_roles where rolname = ecellar.role_name(suffix)) then
      execute format('create role %I nologin', ecellar.role_name(suffix));
    end if;
    execute format('grant usage on schema ecellar to %I', ecellar.role_name(suffix));
  end loop;
  -- The program steps down to them; from PostgreSQL 16 on that has to be granted.
  execute format('grant %I, %I to current_user', ecellar.role_name('tenant'), ecellar.role_name('support'));
  execute format('grant usage on all sequences in schema ecellar to %I, %I',
    ecellar.role_name('tenant'), ecellar.role_name('support'));

  foreach tenant_table in array array['wineries', 'list_entries', 'brands', 'brand_businesses', 'customers', 'patrons',
    'experiences', 'seating_areas', 'reservations', 'pulls', 'exceptions'] loop
    call ecellar.protect(format('ecellar.%I', tenant_table)::regclass, true);
  end loop;
  foreach tenant_table in array array['web_store_settings', 'shared_addresses', 'snapshot_files', 'changes',
    'consent_changes', 'erasures', 'waiting_reservations', 'waiting_guests', 'waiting_files', 'exports', 'tock_keys'] loop
    call ecellar.protect(format('ecellar.%I', tenant_table)::regclass, false);
  end loop;
end
$$;

revoke execute on function ecellar.winery_of_analyst(name) from public;
do $$
begin
  execute format('grant execute on function ecellar.winery_of_analyst(name) to %I', ecellar.role_name('analyst'));
end
$$;
