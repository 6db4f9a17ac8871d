-- What the HTTP API needs for itself.

-- Answers to writes that came with an Idempotency-Key, kept for a day: whoever asks again gets the same answer, and
-- nothing is done twice. The tables of sign-in and queue, like this one, lie outside of the wineries: owner alone.
create table ecellar.idempotency_keys (
  -- kind and id of whoever asked
  principal text not null,
  key text not null,
  -- method and path, and a hash of the body: the same key for something else is refused
  request_hash text not null,
  started_at timestamptz not null,
  -- null: still being answered
  status int,
  -- sealed and bound to principal and key: answers may hold a new API key
  answer text,
  primary key (principal, key)
);
-- What is older than a day is deleted, whoever asked.
create index idempotency_keys_started on ecellar.idempotency_keys (started_at);
