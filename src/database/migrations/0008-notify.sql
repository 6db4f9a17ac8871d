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
