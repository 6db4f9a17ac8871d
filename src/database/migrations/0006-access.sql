-- Who may come in. Schema `access` lies outside row-level security: the program asks here before it knows a winery,
-- and the roles that work inside a winery have no way into it. The first part are better-auth's tables, with the
-- names and columns that it expects (a test compares them); the second part is ours.

create schema access;

create table access.users (
  id text primary key,
  name text not null,
  -- as contract/email-address.ts compares addresses
  email text not null unique,
  email_verified boolean not null,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  two_factor_enabled boolean
);

create table access.sessions (
  id text primary key,
  expires_at timestamptz not null,
  -- alone it opens nothing: the cookie carries a signature with it
  token text not null unique,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  user_id text not null references access.users on delete cascade
);
-- A user's sessions: to list and to end them.
create index sessions_user_id_idx on access.sessions (user_id);

create table access.accounts (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references access.users on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- scrypt
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null
);
-- Each sign-in reads the user's password.
create index accounts_user_id_idx on access.accounts (user_id);

-- Password resets, second factors under way, trusted devices; the identifiers are hashed.
create table access.verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
-- A link or a cookie is looked up by its identifier.
create index verifications_identifier_idx on access.verifications (identifier);

-- Secrets and backup codes are encrypted with the installation's sign-in key.
create table access.two_factors (
  id text primary key,
  secret text not null,
  backup_codes text not null,
  user_id text not null references access.users on delete cascade,
  verified boolean,
  failed_verification_count int,
  locked_until timestamptz
);
-- Each second step of a sign-in reads the user's.
create index two_factors_user_id_idx on access.two_factors (user_id);
-- better-auth expects it.
create index two_factors_secret_idx on access.two_factors (secret);

create table access.api_keys (
  id text primary key,
  config_id text not null,
  name text,
  -- how the key begins, to tell keys apart
  start text,
  -- who made it
  reference_id text not null references access.users on delete cascade,
  prefix text,
  -- SHA-256 of the key
  key text not null,
  refill_interval int,
  refill_amount int,
  last_refill_at timestamptz,
  enabled boolean,
  rate_limit_enabled boolean,
  rate_limit_time_window int,
  rate_limit_max int,
  request_count int,
  remaining int,
  last_request timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- the scopes, as JSON
  permissions text,
  metadata text
);
-- Each request with a key looks it up by its hash.
create index api_keys_key_idx on access.api_keys (key);
-- The keys that a user made: to list them, and to end them with the user.
create index api_keys_reference_id_idx on access.api_keys (reference_id);
-- better-auth expects it.
create index api_keys_config_id_idx on access.api_keys (config_id);

create table access.rate_limits (
  id text primary key,
  -- client address and path
  key text not null unique,
  count int not null,
  last_request bigint not null
);

-- From here on ours: what a user is. One user has one role in one winery, or a role of the installation.
create table access.memberships (
  user_id text primary key references access.users on delete cascade,
  role text not null check (role in ('support', 'winery admin', 'marketer', 'analyst', 'viewer', 'operator')),
  winery_id bigint references ecellar.wineries on delete cascade,
  -- null: all brands
  brand_ids bigint[] check (cardinality(brand_ids) > 0),
  last_signed_in_at timestamptz,
  check ((winery_id is null) = (role in ('support', 'operator'))),
  -- what a winery admin decides is the whole winery's
  check (brand_ids is null or role in ('marketer', 'analyst', 'viewer'))
);
-- The users of a winery; the installation's have null.
create index memberships_winery on access.memberships (winery_id, user_id);

-- A user without a membership would be nobody who still can sign in, and keep his address from being invited again:
-- both go together, also when a winery is deleted by somebody who cannot see this schema.
create function access.remove_user_of_membership() returns trigger
language plpgsql security definer set search_path = access, pg_temp as $$
begin
  delete from access.users where id = old.user_id;
  return null;
end
$$;
create trigger membership_removed after delete on access.memberships
  for each row execute function access.remove_user_of_membership();

-- Open invitations; they go when they are accepted, withdrawn or replaced.
create table access.invitations (
  invitation_id bigint generated always as identity primary key,
  token_hash text not null unique,
  -- null: the link for the first Support user, who tells the address
  email text,
  role text not null,
  winery_id bigint references ecellar.wineries on delete cascade,
  brand_ids bigint[],
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
-- One open invitation per address, whoever invites.
create unique index invitations_email on access.invitations (email);

-- Until when Support sees a winery's guests in full; the reasons stand in the audit.
create table access.guest_access (
  grant_id bigint generated always as identity primary key,
  user_id text not null references access.users on delete cascade,
  winery_id bigint not null references ecellar.wineries on delete cascade,
  until timestamptz not null
);
-- Each request of a Support user asks which of his are in force.
create index guest_access_user on access.guest_access (user_id, until);

-- Tries at an address, known here or not, since a moment; only a hash of the address.
create table access.tries (
  purpose text not null check (purpose in ('sign-in', 'password-reset')),
  address_hash text not null,
  tries int not null,
  since timestamptz not null,
  primary key (purpose, address_hash)
);
-- What is over is swept out with every new address: anybody can add addresses.
create index tries_since on access.tries (since);

-- One-time links over which a winery hands over its Tock key and ids.
create table ecellar.hand_over_links (
  winery_id bigint not null references ecellar.wineries on delete cascade,
  link_id bigint generated always as identity,
  token_hash text not null,
  brand_ids bigint[] not null,
  made_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- when the form was submitted; opening the link changes nothing
  spent_at timestamptz,
  revoked_at timestamptz,
  primary key (winery_id, link_id)
);
-- The page behind a link knows nothing but its token.
create unique index hand_over_links_token on ecellar.hand_over_links (token_hash);
call ecellar.protect('ecellar.hand_over_links', false);
