import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import type { TrueReservation } from '../../src/simulator/truth.ts'
import { fileTexts, june, links, startSmall } from './ask-tock.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSimulator({ now: june })
})
afterEach(() => simulator.close())

const byKey = (businessId: string) =>
  new Map([...simulator.truth(businessId).reservations()].map((one) => [one.tockKey, one]))
const differ = (a: TrueReservation | undefined, b: TrueReservation) => JSON.stringify(a) !== JSON.stringify(b)

test('a night edits about one reservation in a hundred, each with the next sequence id', () => {
  const before = byKey('707')
  simulator.nextNight()
  const after = byKey('707')
  const edited = [...before.values()].filter((one) => after.get(one.tockKey)?.sequenceId !== one.sequenceId)
  expect(edited.length / before.size).toBeGreaterThan(0.005)
  expect(edited.length / before.size).toBeLessThan(0.015)
  for (const one of edited) {
    const now = after.get(one.tockKey)
    expect(Number(now?.sequenceId)).toBe(Number(one.sequenceId) + 1)
    expect(now?.updatedAtMs).toBeGreaterThan(one.updatedAtMs)
  }
  expect(new Set(edited.map((one) => one.tockKey))).toEqual(
    new Set(simulator.truth('707').lastNight.edits.map((edit) => edit.key)),
  )
})

test('what was not edited stays, but for guests who changed their address or name', () => {
  const before = byKey('707')
  simulator.nextNight()
  const { lastNight } = simulator.truth('707')
  const edited = new Set(lastNight.edits.map((edit) => edit.key))
  const people = new Set(lastNight.guestEdits.map((edit) => edit.patronId))
  for (const [key, one] of byKey('707')) {
    const isTheirs = people.has(one.diner?.id ?? '') || people.has(one.owner?.id ?? '')
    if (edited.has(key ?? '') || lastNight.added.includes(key ?? '') || isTheirs) continue
    expect(differ(before.get(key), one), `${key}`).toBe(false)
  }
})

test('nobody and nothing disappears over a month, and ids stay unique', () => {
  const before = [...byKey('708').keys()]
  simulator.nextNight(30)
  const rows = [...simulator.truth('708').reservations()]
  const after = new Set(rows.map((one) => one.tockKey))
  expect(before.filter((key) => !after.has(key))).toEqual([])
  expect(after.size).toBe(rows.length)
  expect(rows.length).toBeGreaterThan(before.length + 30)
})

test('visits of the past are mostly ended, bookings ahead have not begun', () => {
  simulator.nextNight(10)
  const { takenAt } = simulator.truth('707')
  const open = new Set(['EXPECTED', 'AWAITING_RESPONSE', 'CONFIRMED_VIA_TEXT', 'CONFIRMED_VIA_EMAIL'])
  const rows = [...simulator.truth('707').reservations()].filter((one) => !one.isCancelled && !one.isOrder)
  const week = rows.filter((one) => one.startsAtMs < takenAt.getTime() && one.startsAtMs > june.getTime())
  const ended = week.filter((one) => !open.has(one.state ?? ''))
  expect(ended.length / week.length).toBeGreaterThan(0.7)
  const ahead = rows.filter((one) => one.startsAtMs > takenAt.getTime() && !open.has(one.state ?? ''))
  expect(ahead.length).toBeLessThan(20)
})

test('over a month every kind of change has happened, and some change nothing kept', () => {
  const edits = new Set<string>()
  const guestEdits = new Set<string>()
  const experiences = new Set<string>()
  for (let night = 0; night < 40; night++) {
    simulator.nextNight()
    for (const businessId of ['707', '708', '709']) {
      const { lastNight } = simulator.truth(businessId)
      for (const edit of lastNight.edits) edits.add(edit.what)
      for (const edit of lastNight.guestEdits) guestEdits.add(edit.what)
      for (const one of lastNight.experiences) experiences.add(one.what)
    }
  }
  expect([...edits]).toEqual(
    expect.arrayContaining([
      'became LEFT',
      'became FINISHED',
      'became NO_SHOW',
      'cancelled',
      'rescheduled',
      'party size',
      'note added',
      'note cleared',
      'other diner',
      'confirmed',
      'transferred',
      'payment',
      'no show came back',
    ]),
  )
  expect([...guestEdits]).toEqual(
    expect.arrayContaining(['e-mail', 'last name', 'opted out', 'opted in', 'no opt-in', 'nothing kept']),
  )
  expect([...experiences].sort()).toEqual(['new', 'renamed'])
})

test('an edit leaves the notes alone that it is not about', () => {
  const before = byKey('707')
  simulator.nextNight()
  const after = byKey('707')
  for (const { key, what } of simulator.truth('707').lastNight.edits) {
    if (what.startsWith('note')) continue
    expect(after.get(key)?.notes, what).toEqual(before.get(key)?.notes)
  }
})

test('an edited guest keeps the patron id; the profile before is archived', () => {
  simulator.nextNight()
  const [edit] = simulator.truth('707').lastNight.guestEdits
  const profiles = [...simulator.truth('707').guests()].filter((one) => one.id === edit?.patronId)
  expect(profiles.filter((one) => !one.isArchived)).toHaveLength(1)
  expect(profiles.filter((one) => one.isArchived).length).toBeGreaterThan(0)
})

test('brands of a group list the same guests, also after nights', () => {
  simulator.nextNight(2)
  const guests = (businessId: string) => JSON.stringify([...simulator.truth(businessId).guests()])
  expect(guests('708')).toBe(guests('707'))
})

test('each night publishes new files at the same paths', async () => {
  const small = await startSmall()
  const path = async () =>
    (await links(small, '121')).reservationDataUrls.map((link) => new URL(link).pathname)
  const before = {
    paths: await path(),
    taken: small.truth('121').takenAt,
    texts: await fileTexts(small, '121'),
  }
  small.nextNight()
  expect(await path()).toEqual(before.paths)
  expect(small.truth('121').takenAt.getTime() - before.taken.getTime()).toBe(86_400_000)
  expect(await fileTexts(small, '121')).not.toEqual(before.texts)
  await small.close()
})

test('files with old rows alone stay byte for byte, so that ETags are worth something', async () => {
  simulator.edit('707').setRowsPerFile(500)
  simulator.edit('707').publish()
  const etags = async () => {
    const { reservationDataUrls } = await links(simulator, '707')
    return Promise.all(reservationDataUrls.map(async (link) => (await fetch(link)).headers.get('etag')))
  }
  const before = await etags()
  simulator.nextNight()
  const after = await etags()
  expect(before.filter((etag, at) => etag === after[at]).length).toBeGreaterThan(2)
  expect(after.at(-1)).not.toBe(before.at(-1))
})
