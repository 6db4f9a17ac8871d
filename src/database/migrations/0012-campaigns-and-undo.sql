-- What a preview or an initial pull would do to the audiences of scheduled campaigns; and taking an initial pull back.

-- contract/campaign.ts; null where it was not asked
alter table ecellar.pulls add column campaigns jsonb;

-- A pull that was taken back, wholly or as far as its customers go: when, by whom, and what went.
create table ecellar.undone_pulls (
  winery_id bigint not null,
  undo_id bigint generated always as identity,
  pull_id bigint not null,
  brand_id bigint not null,
  -- 'initial pull': its reservations too · 'customers': the customers that it created, alone
  what text not null check (what in ('initial pull', 'customers')),
  undone_at timestamptz not null,
  undone_by text not null,
  why text not null,
  reservations int not null,
  customers int not null,
  kept int not null,
  primary key (winery_id, undo_id)
);

-- Guests whose customer was taken back: no later pull makes one of them again, until a person or an initial pull does.
create table ecellar.undone_guests (
  winery_id bigint not null,
  business_group_id text collate "C" not null,
  patron_id text collate "C" not null,
  undo_id bigint not null,
  primary key (winery_id, business_group_id, patron_id)
);

do $$
begin
  call ecellar.protect('ecellar.undone_pulls', false);
  call ecellar.protect('ecellar.undone_guests', false);
end
$$;
