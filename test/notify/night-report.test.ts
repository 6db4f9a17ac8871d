import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeSettings, type SettingsChange } from '../../src/crm/web-store-settings.ts'
import { putNightReport } from '../../src/notify/night-report.ts'
import { readMail, readOutbox } from '../../src/notify/read-outbox.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { june20, person, type TockPlace, tockPlace } from '../pull/tock-place.ts'

let database: TestDatabase
let place: TockPlace
let from: Date

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await sql`delete from ecellar.outbox`.execute(database.db)
})

const guest = person(7, 'ada@example.com', 'Ada', 'Secretname')
const booking = (id: number, more = {}) => ({
  id,
  dinerPatron: guest,
  note: [{ noteType: 'BOOKING_GENERAL_NOTE', text: 'a secret note' }],
  experience: { id: 5, name: 'Estate Tasting', variety: 'RESERVATION' },
  ...more,
})

/** Two enabled brands that were pulled once, with a reservation contact; then the night begins. */
async function beforeTheNight(change: SettingsChange = {}) {
  place = await tockPlace(database, ['N', 'S'])
  place.show('N', { reservations: [booking(1), booking(2, { experience: undefined })] })
  place.show('S', { reservations: [booking(1)] })
  await place.pull('N', 'initial')
  await place.pull('S', 'initial')
  await place.rows(`update ecellar.brands set enabled_at = now() where winery_id = :id`)
  await place.rows(
    `update ecellar.wineries set reservation_contact = 'desk@example.com', name = 'Juniper Hill' where winery_id = :id`,
  )
  const mapping = { customerSource: 'Tock', ...change }
  await changeSettings(database.db, place.wineryId, '0', mapping, actor)
  await place.rows(`update ecellar.experiences set ignored = true where winery_id = :id`)
  await place.rows(
    `insert into ecellar.list_entries (winery_id, list, name) values (:id, 'location', 'House')`,
  )
  await place.rows(`update ecellar.brands b set default_location_id =
    (select entry_id from ecellar.list_entries e where e.winery_id = b.winery_id and e.name = 'House') where winery_id = :id`)
  await place.rows(
    `update ecellar.experiences set first_seen_at = now() - interval '1 day' where winery_id = :id`,
  )
  from = new Date()
}
const report = (more: { publicUrl?: string } = {}) =>
  putNightReport(database.db, {
    wineryId: place.wineryId,
    from,
    to: new Date(Date.now() + 1000),
    publicUrl: more.publicUrl,
  })
async function mail() {
  const [put] = await readOutbox(database.db, { wineryId: place.wineryId, limit: 1 })
  return readMail(database.db, put?.mailId ?? '', { supportContact: 'support@ecellar.example' })
}

describe('the mail after the pulls', () => {
  it('tells what came, brand by brand, with the time of the snapshot in the zone of the winery', async () => {
    await beforeTheNight()
    place.show('N', {
      reservations: [
        booking(1, { partySize: 9, sequenceId: 2 }),
        booking(3),
        booking(4),
        booking(5, { dinerPatron: person(8, 'b@example.com') }),
      ],
      takenAt: new Date('2026-06-02T06:57:00Z'),
    })
    await place.pull('N', 'nightly')
    await place.pull('S', 'nightly')
    expect(await report({ publicUrl: 'https://console.example' })).toBe('put')
    const { to, subject, text, html } = await mail()
    expect(to).toBe('desk@example.com')
    expect(subject).toBe('Juniper Hill: 3 new reservations, 1 new customer from Tock')
    expect(text).toContain('Nothing needs your attention.')
    expect(text).toMatch(
      /N \(N\): Pulled\. As of Mon, Jun 1, 2026, 11:57 PM PDT, when Tock took its snapshot\.\n {2}New reservations +3\n {2}Changed +1\n {2}No longer in Tock +1\n {2}New customers +1/,
    )
    expect(text).toMatch(/S \(S\): Pulled\.[^\n]*\n {2}New reservations +0/)
    expect(text).toContain('1 customer is not released for marketing')
    expect(html).toContain('href="https://console.example"')
    await place.close()
  })

  it("has nothing of a guest's in it, and is put once a night", async () => {
    await beforeTheNight()
    // A guest with two addresses' customers, an unreadable start, an invalid address: exceptions that quote guests.
    await place.rows(`insert into ecellar.customers (winery_id, email, email_key, first_name, created_by)
      values (:id, 'two@example.com', 'two@example.com', 'Secretname', 'staff'), (:id, 'two@example.com', 'two@example.com', 'Secretname', 'staff')`)
    place.show('N', {
      reservations: [
        booking(1),
        booking(2, { experience: undefined }),
        booking(6, { dinerPatron: person(9, 'two@example.com', 'Ada', 'Secretname') }),
        booking(7, { dinerPatron: person(10, 'not an address', 'Ada', 'Secretname') }),
        booking(8, { serviceDateTimestamp: 'never', dinerPatron: guest }),
      ],
    })
    await place.pull('N', 'nightly')
    await place.pull('S', 'nightly')
    expect(await report()).toBe('put')
    const shown = JSON.stringify(await mail())
    expect(shown).toMatch(/3 exceptions wait for a decision \(new\)/)
    expect(shown).not.toMatch(/secret|ada|two@example|not an address/i)
    const rows = await place.rows('select data from ecellar.outbox where winery_id = :id')
    expect(JSON.stringify(rows)).not.toMatch(/secret|ada@|two@example|not an address/i)
    expect(await report()).toBe('put before')
    await place.close()
  })

  it('puts first what needs a person: refused, waiting and absent pulls, and what has to be mapped', async () => {
    await beforeTheNight()
    place.simulator.setFault('down_503', place.businessId('N'))
    await place.pull('N', 'nightly')
    place.simulator.setFault(null)
    await report()
    const { subject, text, html } = await mail()
    expect(subject).toBe('Juniper Hill: 2 things from Tock need you')
    expect(text.indexOf('Tock is down, or does not accept this key')).toBeGreaterThan(0)
    expect(text).toContain('S (S): there was no pull.')
    expect(text.indexOf('What needs attention')).toBeLessThan(text.indexOf('N (N): Not pulled'))
    expect(html.indexOf('What needs attention')).toBeLessThan(html.indexOf('Not pulled'))
    await place.close()
  })

  it('names a pull that waits until it is decided', async () => {
    await beforeTheNight()
    place.show('N', {
      reservations: Array.from({ length: 60 }, (_, at) =>
        booking(100 + at, { serviceDateTimestamp: june20(at) }),
      ),
    })
    await place.pull('N', 'nightly')
    place.show('N', { reservations: [booking(100)] })
    expect((await place.pull('N', 'nightly')).status).toBe('waiting')
    await report()
    expect((await mail()).text).toMatch(/N \(N\): a pull waits for approval\. .*approve or reject it/)
    await place.close()
  })
})

describe('a winery that wants it', () => {
  it('only when something needs attention gets none on a quiet night, and one when something is new', async () => {
    await beforeTheNight({ nightMail: 'when-needed' })
    await place.pull('N', 'nightly')
    await place.pull('S', 'nightly')
    expect(await report()).toBe('not needed')
    place.show('S', {
      reservations: [
        booking(1),
        booking(2, { experience: { id: 77, name: 'New One', variety: 'RESERVATION' } }),
      ],
    })
    await place.pull('S', 'nightly')
    expect(await report()).toBe('put')
    expect((await mail()).text).toContain('1 Tock experience is not mapped to a reservation type yet (new).')
    // What waits since then is no reason for another one.
    from = new Date()
    await place.pull('N', 'nightly')
    await place.pull('S', 'nightly')
    expect(await report()).toBe('not needed')
    await place.close()
  })

  it('never gets none, nor does one without a reservation contact; the preset is each time', async () => {
    await beforeTheNight({ nightMail: 'never' })
    expect(await report()).toBe('not wanted')
    await changeSettings(database.db, place.wineryId, '0', { nightMail: 'each-time' }, actor)
    await place.rows('update ecellar.wineries set reservation_contact = null where winery_id = :id')
    expect(await report()).toBe('nobody to tell')
    expect(await readOutbox(database.db, { limit: 10 })).toEqual([])
    const preset = await sql<{ preset: string }>`
      select column_default as preset from information_schema.columns
      where table_schema = 'ecellar' and table_name = 'wineries' and column_name = 'night_mail'`.execute(
      database.db,
    )
    expect(preset.rows[0]?.preset).toContain('each-time')
    await place.close()
  })
})
