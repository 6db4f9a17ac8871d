/**
 * The floor: the least that any program must do with the same files, one after the other: JSON.parse, COPY of the
 * kept columns into a bare table, one INSERT … ON CONFLICT. From disk, without cleaning, matching or history.
 * Prints the milliseconds it took.
 */

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { copyLine } from '../src/pull/copy-text.ts'
import { readManifest } from './make-snapshots.ts'

// biome-ignore lint/suspicious/noExplicitAny: the floor trusts its files, which no real program may.
type Row = any

const [folder = '', url = ''] = process.argv.slice(2)
const client = new pg.Client({ connectionString: url })
await client.connect()
const reservationColumns =
  'tock_key text, starts_at timestamptz, local_start timestamp, time_zone text, party_name text, party_size int, notes text, tock_state text, is_cancelled boolean, experience_id text, seating_area_id text, guest_patron_id text, guest_email text, guest_first_name text, guest_last_name text, sequence_id bigint, created_at timestamptz, updated_at timestamptz'
const guestColumns =
  'patron_id text, email text, first_name text, last_name text, opt_in boolean, opt_in_source text, date_opted_in text, updated_at timestamptz'
await client.query(`drop schema if exists bench_floor cascade; create schema bench_floor; set search_path = bench_floor;
  create table reservations_in (${reservationColumns}); create table reservations (${reservationColumns}, primary key (tock_key));
  create table guests_in (${guestColumns}); create table guests (${guestColumns}, primary key (patron_id))`)

const startedAt = performance.now()
const { files } = await readManifest(folder)
for (const file of files) {
  // Ids beyond 2^53 must not lose digits, whoever reads them.
  const raw = (await readFile(join(folder, file.name), 'utf8')).replace(
    /("(?:id|walkinId)"\s*:\s*)(\d{16,})/g,
    '$1"$2"',
  )
  const rows = JSON.parse(raw) as Row[]
  let text = ''
  for (const row of rows) text += file.kind === 'reservations' ? reservationLine(row) : guestLine(row)
  const copy = client.query(copyFrom(`copy ${file.kind}_in from stdin`))
  copy.end(text)
  await once(copy, 'finish')
}
await client.query(
  'insert into reservations select * from reservations_in on conflict (tock_key) do update set updated_at = excluded.updated_at',
)
await client.query(
  'insert into guests select distinct on (patron_id) * from guests_in on conflict (patron_id) do update set updated_at = excluded.updated_at',
)
console.log(Math.round(performance.now() - startedAt))
await client.query('drop schema bench_floor cascade')
await client.end()

function reservationLine(row: Row): string {
  const diner = row.dinerPatron ?? {}
  return copyLine([
    row.id === undefined ? `w:${row.walkinId}` : `r:${row.id}`,
    new Date(Number(row.serviceDateTimestamp)).toISOString(),
    row.dateTime,
    row.business.timeZone,
    [diner.firstName, diner.lastName].join(' ').replaceAll('\0', ''),
    row.partySize,
    row.note.length === 0
      ? null
      : row.note
          .map((note: Row) => note.text)
          .join('\n')
          .replaceAll('\0', ''),
    row.partyState ?? null,
    row.isCancelled ?? false,
    row.experience?.id ?? null,
    row.seatingOption?.id ?? null,
    diner.id ?? null,
    diner.email ?? null,
    diner.firstName ?? null,
    diner.lastName ?? null,
    row.sequenceId ?? null,
    new Date(Number(row.createdTimestamp)).toISOString(),
    new Date(Number(row.lastUpdatedTimestamp)).toISOString(),
  ])
}

function guestLine(row: Row): string {
  const { patron } = row
  return copyLine([
    patron.id,
    patron.email ?? null,
    patron.firstName ?? null,
    patron.lastName ?? null,
    row.optIn ?? null,
    row.optInSource ?? null,
    row.dateOptedIn ?? null,
    row.updatedAtTimestamp === undefined ? null : new Date(Number(row.updatedAtTimestamp)).toISOString(),
  ])
}
