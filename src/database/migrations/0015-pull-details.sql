-- What people look at beside a pull's figures, and who a preview found.

-- The files, what the guard looked at, and what a preview found: counts, Tock's names of experiences, keys of
-- reservations; nobody's data. See contract/pull-details.ts.
alter table ecellar.pulls add column details jsonb;

-- Whom the latest preview of a brand found and what its initial pull would make of them, for the winery to look
-- through. Gone with the next preview, with the pull itself, and after a month.
create table ecellar.preview_people (
  winery_id bigint not null,
  brand_id bigint not null,
  pull_id bigint not null,
  business_group_id text collate "C" not null,
  patron_id text collate "C" not null,
  email text,
  email_key text collate "C",
  first_name text,
  last_name text,
  outcome text not null,
  -- null for somebody who would be created
  customer_id bigint,
  kept_at timestamptz not null default now(),
  primary key (winery_id, brand_id, business_group_id, patron_id)
);

do $$
begin
  call ecellar.protect('ecellar.preview_people', false);
end
$$;
