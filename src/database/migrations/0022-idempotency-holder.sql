-- Which process is answering the request: as long as it lives it holds the advisory lock of this number. null: of a
-- process of an older version.
alter table ecellar.idempotency_keys add column held_by int;
