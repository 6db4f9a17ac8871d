-- Who did what when. Append-only: nobody is granted update or delete, and a trigger stops the owner as well.

create table ecellar.audit (
  audit_id bigint generated always as identity primary key,
  -- null: the installation's, not a winery's
  winery_id bigint,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('user', 'api-key', 'command line', 'program')),
  actor_id text not null,
  actor_name text not null,
  -- an action of contract/access.ts, or what access itself does ('sign-in', 'invitation.accepted' …)
  action text not null,
  -- what it was done to: a brand code, a pull, a customer's number; never a guest's name or address
  subject text,
  -- what else tells the story: numbers, a reason, before and after of a setting; never a guest's data, never a secret
  details jsonb not null default '{}'
);
-- A winery's audit, newest first.
create index audit_winery on ecellar.audit (winery_id, audit_id);

create function ecellar.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit is append-only';
end
$$;
create trigger audit_append_only before update or truncate on ecellar.audit
  for each statement execute function ecellar.refuse_change();

do $$
begin
  alter table ecellar.audit enable row level security;
  execute format('create policy tenant on ecellar.audit to %I using (winery_id = nullif(current_setting(''app.winery'', true), '''')::bigint)',
    ecellar.role_name('tenant'));
  execute format('create policy support on ecellar.audit to %I using (true)', ecellar.role_name('support'));
  execute format('grant select, insert on ecellar.audit to %I, %I', ecellar.role_name('tenant'), ecellar.role_name('support'));
end
$$;
