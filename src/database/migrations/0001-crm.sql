-- eCELLAR's nouns. Every tenant table leads with winery_id in its key, so that it can be partitioned or
-- distributed as it stands. Hot tables carry no foreign keys: a trigger per row would double the cost of an
-- initial pull, nothing they point at is ever deleted, and `doctor` checks the links.

create schema ecellar;

create sequence ecellar.customer_ids cache 100;

create table ecellar.wineries (
  winery_id bigint generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  time_zone text not null default 'America/Los_Angeles',
  reservation_contact text,
  -- 'with-pull', 'by-hand', 'after:N' (days)
  nightly_release text not null default 'with-pull' check (nightly_release ~ '^(with-pull|by-hand|after:[1-9][0-9]{0,3})$'),
  mail_policy text not null default 'opted-in' check (mail_policy in ('opted-in', 'not-opted-out')),
  history_days int not null default 400 check (history_days between 1 and 36500),
  guard_percent int not null default 15 check (guard_percent between 1 and 100),
  guests_without_reservation boolean not null default true,
  -- Moves on with whatever can change how guests are matched (imports, settings, decisions, pulls).
  -- A pull of an unchanged snapshot that finds the number it left behind has nothing to match again.
  identity_revision bigint not null default 1,
  created_at timestamptz not null default now()
);

-- The five lists that users make: customer sources, customer types, allocation tiers, locations, reservation types.
create table ecellar.list_entries (
  winery_id bigint not null references ecellar.wineries,
  entry_id bigint generated always as identity,
  list text not null check (list in ('customer source', 'customer type', 'allocation tier', 'location', 'reservation type')),
  name text not null check (name <> ''),
  -- Only on reservation types: virtual tasting, staff, deposit (rule 13).
  not_a_visit boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (winery_id, entry_id)
);
-- One entry per name, however it is capitalised.
create unique index list_entries_name on ecellar.list_entries (winery_id, list, lower(name));

create table ecellar.brands (
  winery_id bigint not null references ecellar.wineries,
  brand_id bigint generated always as identity,
  code text not null,
  name text not null,
  business_group_id text not null,
  business_id text not null,
  enabled_at timestamptz,
  default_location_id bigint,
  created_at timestamptz not null default now(),
  primary key (winery_id, brand_id)
);
create unique index brands_code on ecellar.brands (winery_id, lower(code));
-- A Business ID belongs to one brand, over all wineries: two would pull the same guests.
create unique index brands_business on ecellar.brands (business_id);

-- What was pulled for a brand from one Tock business. A brand that is given another Business ID starts a new row;
-- the old one's reservations stay as history.
create table ecellar.brand_businesses (
  winery_id bigint not null,
  brand_id bigint not null,
  business_id text collate "C" not null,
  business_group_id text collate "C" not null,
  business_name text,
  time_zone text,
  initial_pull_id bigint,
  last_pull_id bigint,
  last_snapshot_at timestamptz,
  -- wineries.identity_revision as the last applied pull of this business left it
  matched_revision bigint not null default 0,
  primary key (winery_id, brand_id, business_id),
  foreign key (winery_id, brand_id) references ecellar.brands
);

-- Web Store Settings: brand_id 0 are the winery's, which a brand's override.
create table ecellar.web_store_settings (
  winery_id bigint not null references ecellar.wineries,
  brand_id bigint not null default 0,
  customer_source_id bigint,
  customer_type_id bigint,
  allocation_tier_id bigint,
  primary key (winery_id, brand_id)
);

create table ecellar.shared_addresses (
  winery_id bigint not null references ecellar.wineries,
  email_key text collate "C" not null,
  -- false: a person said that this proposed address is one person's
  is_shared boolean not null default true,
  added_at timestamptz not null default now(),
  primary key (winery_id, email_key)
);

create table ecellar.customers (
  winery_id bigint not null,
  customer_id bigint not null default nextval('ecellar.customer_ids'),
  ecellar_customer_id text,
  email text,
  email_key text collate "C",
  first_name text,
  last_name text,
  customer_source_id bigint,
  customer_type_id bigint,
  allocation_tier_id bigint,
  email_consent text not null default 'unknown' check (email_consent in ('in', 'out', 'unknown')),
  -- who said so last: 'tock', 'import', 'staff'
  consent_source text,
  -- Tock brought a yes after a no: listed, never applied (rule 19)
  asks_mail_again_at timestamptz,
  bounced boolean not null default false,
  active boolean not null default true,
  club_member boolean not null default false,
  tags text[] not null default '{}',
  released_at timestamptz,
  -- when a pull-created customer will be released without anybody's doing (nightly_release after:N)
  release_due_at timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null check (created_by in ('tock', 'import', 'staff')),
  created_in_pull bigint,
  -- a person or a file changed it: from then on Tock's names are not followed (rule 18)
  edited_at timestamptz,
  primary key (winery_id, customer_id)
);
-- Matching by address (rule 16).
create index customers_email on ecellar.customers (winery_id, email_key) where email_key is not null;
-- Imports find their customer by eCELLAR's number.
create unique index customers_ecellar on ecellar.customers (winery_id, ecellar_customer_id) where ecellar_customer_id is not null;
-- "Not released for marketing": the few that wait for a person.
create index customers_unreleased on ecellar.customers (winery_id) where released_at is null;

-- A guest of Tock, known by (winery, business group, patron id); several may lead to one customer.
create table ecellar.patrons (
  winery_id bigint not null,
  business_group_id text collate "C" not null,
  -- Tock's id; '@' and the address's key where Tock gives an address without an id
  patron_id text collate "C" not null,
  customer_id bigint,
  -- from the guest profile, else from the latest reservation
  email text,
  email_key text collate "C",
  first_name text,
  last_name text,
  -- who dines (the brand first booked) and who booked for others: rule 17
  diner_brand_id bigint,
  is_booker boolean not null default false,
  -- from the guest profile alone
  has_profile boolean not null default false,
  profile_email text,
  profile_email_key text collate "C",
  profile_first_name text,
  profile_last_name text,
  profile_updated_at timestamptz,
  opt_in boolean,
  opt_in_source text,
  date_opted_in text,
  -- from the reservation that says most: (has an address, edited last, key)
  booking_email text,
  booking_email_key text collate "C",
  booking_first_name text,
  booking_last_name text,
  booking_at timestamptz,
  booking_by text collate "C",
  -- the consent words that were last acted on (rule 19: each change once)
  consent_acted_on text,
  -- an address that a person decided not to take over to the customer
  kept_email_key text,
  first_seen_pull bigint,
  primary key (winery_id, business_group_id, patron_id)
);
-- From a customer to its guests: consent, erasure, the customer's card.
create index patrons_customer on ecellar.patrons (winery_id, customer_id) where customer_id is not null;

create table ecellar.experiences (
  winery_id bigint not null,
  brand_id bigint not null,
  experience_id text collate "C" not null,
  name text,
  variety text,
  reservation_type_id bigint,
  ignored boolean not null default false,
  first_seen_at timestamptz not null default now(),
  -- when the reservation that named it was last edited: a later edit renames it
  named_at timestamptz,
  primary key (winery_id, brand_id, experience_id)
);

create table ecellar.seating_areas (
  winery_id bigint not null,
  brand_id bigint not null,
  seating_area_id text collate "C" not null,
  name text,
  location_id bigint,
  first_seen_at timestamptz not null default now(),
  named_at timestamptz,
  primary key (winery_id, brand_id, seating_area_id)
);

create table ecellar.reservations (
  winery_id bigint not null,
  brand_id bigint not null,
  business_id text collate "C" not null,
  tock_key text collate "C" not null,
  reservation_id bigint generated always as identity (cache 100),
  starts_at timestamptz not null,
  created_at timestamptz,
  updated_at timestamptz,
  sequence_id bigint,
  customer_id bigint,
  first_seen_pull bigint not null,
  changed_in_pull bigint not null,
  missing_since timestamptz,
  -- for a missing one: the last snapshot that showed it
  last_shown_at timestamptz,
  local_start timestamp not null,
  party_size int,
  is_cancelled boolean not null,
  status text not null,
  tock_state text,
  time_zone text not null,
  experience_id text collate "C",
  seating_area_id text collate "C",
  party_name text,
  notes text,
  guest_patron_id text collate "C",
  owner_patron_id text collate "C",
  guest_email text,
  guest_first_name text,
  guest_last_name text,
  primary key (winery_id, brand_id, business_id, tock_key)
);
-- By day and brand; recent and upcoming visits.
create index reservations_start on ecellar.reservations (winery_id, brand_id, starts_at);
-- From a guest to the reservations: links that come later, erasure.
create index reservations_guest on ecellar.reservations (winery_id, guest_patron_id) where guest_patron_id is not null;
