/** What protects campaigns, over HTTP: audiences, releases with their effect, waiting entries, schedules, undo. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '../../src/contract/segment.ts'
import { type SavedSegment, saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { person as guest, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { recordDue } from '../segments/record-due.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let api: ApiForTests
let place: TockPlace
let at: string
let dined: SavedSegment
let initial: string
beforeAll(async () => {
  database = await freshDatabase()
  api = await apiForTests(database)
})
afterAll(async () => {
  await api?.close()
  await database?.drop()
})
beforeEach(async () => {
  place = await tockPlace(database)
  const { wineryId } = place
  const [slug] = await place.rows<{ slug: string }>('select slug from ecellar.wineries where winery_id = :id')
  at = `wineries/${slug?.slug}`
  for (const role of ['support', 'winery admin', 'marketer', 'viewer'] as const)
    api.people.set(role, person(role, role === 'support' ? null : { wineryId }))
  api.clock.now = new Date()
  dined = await save('Dined', { kind: 'count', of: 'reservations', times: { is: 'atLeast', n: 1 } })
  place.show('N', {
    reservations: ['ann', 'bea', 'cy'].map((name, index) => ({
      id: index + 1,
      dinerPatron: guest(index + 1, `${name}@example.com`, name, 'Guest'),
    })),
    guests: [{ patron: guest(1, 'ann@example.com', 'ann', 'Guest'), optIn: true, optInSource: 'NEWSLETTER' }],
  })
  initial = (await place.pull('N', 'initial')).pullId
  await recordDue(database.db, new Date())
  return () => place.close()
})

const save = (name: string, where: Condition) =>
  saveSegment(
    { db: database.db, wineryId: place.wineryId, actor, now: new Date() },
    { name, kind: 'dynamic', definition: { version: 1, where } },
  )
const ask = (as: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) =>
  api.ask(as, method, `${at}/${path}`, body === undefined ? {} : { body })

describe('the audience of a campaign', () => {
  it('is marked with its date, shows who would join once released, and is unmarked', async () => {
    const campaign = { name: 'Welcome', at: '2027-06-01T09:00:00.000Z' }
    expect(
      (await ask('marketer', 'PUT', `segments/${dined.segmentId}/campaign`, campaign)).body,
    ).toMatchObject({ campaignName: 'Welcome', campaignAt: campaign.at })
    expect((await ask('viewer', 'GET', 'campaigns')).body).toEqual({
      items: [
        {
          segmentId: dined.segmentId,
          segment: 'Dined',
          campaign: 'Welcome',
          campaignAt: campaign.at,
          matching: 3,
          audience: 0,
          joinOnceReleased: 1,
          waitingEntries: 3,
        },
      ],
    })
    await ask('marketer', 'DELETE', `segments/${dined.segmentId}/campaign`)
    expect((await ask('viewer', 'GET', 'campaigns')).body).toEqual({ items: [] })
  })

  it('keeps entries of an initial pull waiting until those who were looked at are confirmed', async () => {
    const list = `segments/${dined.segmentId}/moves?waiting=true&limit=2`
    const first = (await ask('marketer', 'GET', list)).body as {
      items: { moveId: string }[]
      nextCursor: string
    }
    expect(first.items).toMatchObject([
      {
        entered: true,
        because: 'initial pull',
        isWaiting: true,
        email: expect.stringContaining('@example.com'),
      },
      { because: 'initial pull', email: expect.stringMatching(/@example.com$/) },
    ])
    expect(first.nextCursor).not.toBeNull()
    const upTo = first.items[1]?.moveId
    expect((await ask('marketer', 'POST', `segments/${dined.segmentId}/confirm`, { upTo })).body).toEqual({
      confirmed: 2,
    })
    expect((await ask('viewer', 'GET', `segments/${dined.segmentId}/history`)).body).toMatchObject({
      moves: [{ entered: true, because: 'initial pull', customers: 3 }],
      waitingEntries: 1,
      sizes: [{ matching: 0 }, { matching: 3, mayMail: 0 }],
    })
    const masked = (await ask('viewer', 'GET', list)).body as { items: object[] }
    expect(masked.items).toMatchObject([
      { email: expect.stringMatching(/^.…@e…$/), firstName: expect.stringMatching(/^.…$/) },
    ])
  })
})

describe('a release', () => {
  it('shows its effect on each campaign first, and releases nobody whom it did not show', async () => {
    await ask('marketer', 'PUT', `segments/${dined.segmentId}/campaign`, { name: 'Welcome' })
    const whom = { kind: 'segment', segmentId: dined.segmentId }
    const shown = await ask('winery admin', 'POST', 'releases', { whom, dryRun: true })
    expect(shown.body).toMatchObject({
      releaseId: null,
      released: 3,
      mayBeMailed: 1,
      campaigns: [{ campaign: 'Welcome', audience: 0, newNow: 0, newOnceReleased: 1 }],
    })
    expect((await ask('winery admin', 'POST', 'releases', { whom, expected: 2 })).status).toBe(422)
    expect((await ask('marketer', 'POST', 'releases', { whom })).status).toBe(403)
    expect((await ask('winery admin', 'POST', 'releases', { whom, expected: 3 })).body).toMatchObject({
      released: 3,
    })
    expect((await ask('viewer', 'GET', 'campaigns')).body).toMatchObject({
      items: [{ audience: 1, joinOnceReleased: 0 }],
    })
  })

  it('is taken back until an export has carried the customers', async () => {
    const released = async () => {
      const { body } = await ask('winery admin', 'POST', 'releases', { whom: { kind: 'all' } })
      return (body as { releaseId: string }).releaseId
    }
    const first = await released()
    expect((await ask('winery admin', 'POST', `releases/${first}/take-back`)).body).toEqual({
      takenBack: 3,
      exportedSince: 0,
      plansStopped: 0,
    })
    const second = await released()
    await ask('marketer', 'POST', 'segments/export', { segment: 'Dined' })
    expect((await ask('winery admin', 'POST', `releases/${second}/take-back`)).body).toEqual({
      takenBack: 2,
      exportedSince: 1,
      plansStopped: 0,
    })
  })
})

it('a scheduled export is added, changed, stopped, started and removed', async () => {
  const made = await ask('marketer', 'POST', 'export-schedules', { segment: 'dined', atTime: '06:30' })
  expect(made).toMatchObject({ status: 201, body: { segment: 'Dined', weekday: null, doneOn: null } })
  const one = `export-schedules/${(made.body as { scheduleId: string }).scheduleId}`
  expect((await ask('marketer', 'PATCH', one, { weekday: 1, isOn: false })).body).toMatchObject({
    weekday: 1,
    atTime: '06:30',
    pausedBy: expect.any(String),
  })
  expect((await ask('marketer', 'PATCH', one, { isOn: true })).body).toMatchObject({ pausedAt: null })
  expect((await ask('marketer', 'PATCH', one, { columns: ['notes'] })).status).toBe(422)
  expect((await ask('support', 'GET', 'export-schedules')).body).toMatchObject({ items: [{ weekday: 1 }] })
  expect((await ask('viewer', 'GET', 'export-schedules')).status).toBe(403)
  expect((await ask('marketer', 'DELETE', one)).status).toBe(200)
  expect((await ask('marketer', 'GET', 'export-schedules')).body).toEqual({ items: [] })
})

it('an initial pull is taken back after a look at what goes and what stays, and it is remembered', async () => {
  await ask('winery admin', 'POST', 'releases', { whom: { kind: 'address', email: 'bea@example.com' } })
  const wish = { what: 'initial pull', why: 'Filed under the wrong brand' }
  const look = await ask('support', 'POST', `pulls/${initial}/undo`, { ...wish, dryRun: true })
  expect(look.body).toMatchObject({
    undone: false,
    reservations: 3,
    customers: 2,
    kept: { matched: 0, edited: 0, released: 1, exported: 0 },
  })
  expect((await ask('marketer', 'POST', `pulls/${initial}/undo`, wish)).status).toBe(403)
  expect((await ask('support', 'POST', `pulls/${initial}/undo`, wish)).body).toMatchObject({
    undone: true,
    customers: 2,
  })
  expect((await ask('viewer', 'GET', `undone-pulls?pull=${initial}`)).body).toMatchObject({
    items: [{ pullId: initial, what: 'initial pull', why: wish.why, kept: 1 }],
  })
})

it('notes leave in exports only after a winery admin allowed it', async () => {
  const wish = { segment: 'Dined', columns: ['email', 'notes'] }
  expect((await ask('marketer', 'POST', 'segments/export', wish)).status).toBe(422)
  expect((await ask('support', 'PATCH', 'settings', { exportNotes: true })).status).toBe(422)
  expect((await ask('winery admin', 'PATCH', 'settings', { exportNotes: true })).body).toMatchObject({
    exportNotes: true,
  })
  expect((await ask('marketer', 'POST', 'segments/export', wish)).status).toBe(200)
  const audit = await place.rows(
    `select details from ecellar.audit where winery_id = :id and action = 'settings.write' order by audit_id desc limit 1`,
  )
  expect(audit).toMatchObject([{ details: { exportNotes: true } }])
})
