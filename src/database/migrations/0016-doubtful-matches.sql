-- Doubtful matches: what they are about, what was decided, and what later pulls have to know of it.

alter table ecellar.exceptions drop constraint exceptions_code_check;
alter table ecellar.exceptions add constraint exceptions_code_check check (code in ('row_without_id', 'unreadable_time',
  'invalid_email', 'several_customers', 'email_of_another', 'email_changed', 'shared_address_proposed',
  'same_address_other_name', 'similar_name'));

alter table ecellar.exceptions
  -- both sides: a guest, an address, one customer or two
  add column business_group_id text collate "C",
  add column patron_id text collate "C",
  add column email_key text collate "C",
  add column customer_id bigint,
  add column other_customer_id bigint,
  -- contract/api/exception.ts: what a person decided, who, and what came of it; when: resolved_at
  add column decision text,
  add column decided_by text,
  add column done text;

update ecellar.exceptions
set business_group_id = split_part(subject, '/', 1), patron_id = substr(subject, strpos(subject, '/') + 1)
where code in ('invalid_email', 'email_of_another', 'email_changed');

-- A guest's new address is asked about once each: another one later is another question.
update ecellar.exceptions x
set subject = x.subject || '/' || p.email_key, email_key = p.email_key, customer_id = p.customer_id
from ecellar.patrons p
where x.code in ('email_of_another', 'email_changed')
  and p.winery_id = x.winery_id
  and p.business_group_id = x.business_group_id
  and p.patron_id = x.patron_id
  and p.email_key is not null;

update ecellar.exceptions
set email_key = subject
where code in ('several_customers', 'shared_address_proposed');

-- What a person said of a guest. Unlike the guest itself it outlives the undoing of an initial pull.
create table ecellar.guest_decisions (
  winery_id bigint not null,
  business_group_id text collate "C" not null,
  patron_id text collate "C" not null,
  -- the guest is this customer; null: nobody's while the guest has `apart_key`
  customer_id bigint,
  -- that customer's address: by it he is found where a pull makes him anew
  lead_key text collate "C",
  -- an address that the customer does not take over
  kept_key text collate "C",
  apart_key text collate "C",
  -- consent words of the guest that were acted on (patrons.consent_acted_on)
  consent_acted_on text,
  decided_at timestamptz not null default now(),
  primary key (winery_id, business_group_id, patron_id)
);

-- Whoever has this address is that customer, who has another one, or one that several have.
create table ecellar.address_decisions (
  winery_id bigint not null,
  email_key text collate "C" not null,
  customer_id bigint not null,
  lead_key text collate "C",
  decided_at timestamptz not null default now(),
  primary key (winery_id, email_key)
);

-- A customer that a pull made, and that was found to be another one, but had been released, exported or edited: it
-- stays, inactive and without guests, and stands for the same person.
alter table ecellar.customers add column same_as bigint;
-- From a person to all that stands for it: erasure, the person's export.
create index customers_same_as on ecellar.customers (winery_id, same_as) where same_as is not null;

do $$
begin
  call ecellar.protect('ecellar.guest_decisions', false);
  call ecellar.protect('ecellar.address_decisions', false);
end
$$;

-- Decisions of before.
insert into ecellar.guest_decisions (winery_id, business_group_id, patron_id, customer_id, lead_key, kept_key)
select p.winery_id, p.business_group_id, p.patron_id, p.customer_id, c.email_key, p.kept_email_key
from ecellar.patrons p
join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
where p.kept_email_key is not null;
