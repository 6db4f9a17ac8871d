-- Mail: what is to be sent and what became of it, and whether a winery wants its nightly mail.

alter table ecellar.wineries
  add column night_mail text not null default 'each-time' check (night_mail in ('each-time', 'when-needed', 'never'));

-- A mail is put here in the transaction of what it tells, and sent later by whoever gets to it first.
create table ecellar.outbox (
  -- 0: the installation's. A mail about a winery is the winery's, whoever gets it. Zero and not null, so that the
  -- key leads with it as everywhere; no tenant ever is winery 0, so nobody but Support's role and the owner sees them.
  winery_id bigint not null default 0,
  mail_id bigint generated always as identity,
  recipient text not null,
  -- as addresses are compared: who is erased is found by it (rule 22)
  recipient_key text collate "C" not null,
  template text not null,
  -- what the template tells: counts, names of wineries and brands, sentences of this program. Never a guest's data
  data jsonb not null,
  -- the one-time link of an invitation, a reset, a hand-over: sealed for its recipient, gone once it is sent
  sealed_link text,
  -- whoever puts a mail under the same words again puts none
  once_per text,
  put_at timestamptz not null default now(),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'given up')),
  tries int not null default 0,
  next_try_at timestamptz not null default now(),
  -- in words, never with a password of the mail server
  last_error text,
  finished_at timestamptz,
  primary key (winery_id, mail_id)
);
-- Exactly once, also when two put it at the same instant.
create unique index outbox_once on ecellar.outbox (winery_id, once_per) where once_per is not null;
-- The next mail to send, over all wineries.
create index outbox_due on ecellar.outbox (next_try_at) where state = 'waiting';

call ecellar.protect('ecellar.outbox', false);

-- A Tock key on its way from the winery: asked for by a link (hand_over_links), submitted, tested, confirmed.
create table ecellar.key_hand_overs (
  winery_id bigint not null references ecellar.wineries on delete cascade,
  hand_over_id bigint generated always as identity,
  link_id bigint not null,
  asked_by text not null,
  -- mail addresses of the two sides
  tell_winery text,
  tell_support text,
  submitted_at timestamptz,
  -- whoever submitted may come back with it, to correct and to confirm: the link itself is spent
  receipt_hash text,
  receipt_expires_at timestamptz,
  primary key (winery_id, hand_over_id)
);
create unique index key_hand_overs_link on ecellar.key_hand_overs (winery_id, link_id);
-- The page behind a receipt knows nothing but its token.
create unique index key_hand_overs_receipt on ecellar.key_hand_overs (receipt_hash) where receipt_hash is not null;

-- One row per brand of a hand-over. Nothing of the brand changes before it is confirmed.
create table ecellar.handed_keys (
  winery_id bigint not null references ecellar.wineries on delete cascade,
  hand_over_id bigint not null,
  brand_id bigint not null,
  business_group_id text not null,
  business_id text not null,
  -- as in tock_keys; gone once the row is closed
  sealed text,
  -- 'trying': Tock does not accept it yet · 'tested': accepted, to be confirmed · closed: 'confirmed', 'failed', 'dropped'
  state text not null check (state in ('trying', 'tested', 'confirmed', 'failed', 'dropped')),
  -- what Tock calls the business, and its zone; null while it has no reservations
  business_name text,
  time_zone text,
  -- why Tock does not accept it, in words
  code text,
  message text,
  next_step text,
  tries int not null default 1,
  tried_at timestamptz not null,
  next_try_at timestamptz,
  try_until timestamptz not null,
  closed_at timestamptz,
  primary key (winery_id, hand_over_id, brand_id)
);
-- A brand has one key on its way at most: a later hand-over drops the earlier one.
create unique index handed_keys_open on ecellar.handed_keys (winery_id, brand_id) where state in ('trying', 'tested');
-- What is to be tried again, over all wineries.
create index handed_keys_due on ecellar.handed_keys (next_try_at) where state = 'trying';

call ecellar.protect('ecellar.key_hand_overs', false);
call ecellar.protect('ecellar.handed_keys', false);
