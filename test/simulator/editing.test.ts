import { afterEach, beforeEach, expect, test } from 'vitest'
import { forbidden } from '../../src/simulator/sentinels.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { fileTexts, firstRows, links, startSmall } from './ask-tock.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSmall()
})
afterEach(() => simulator.close())

const keys = () => [...simulator.truth('121').reservations()].map((one) => one.tockKey)

test('a test can build exactly the rows that it wants', async () => {
  const edit = simulator.edit('121')
  edit.clear()
  edit.addReservation(edit.reservation({ id: 413, serviceDateTimestamp: Date.parse('2026-06-05T19:00:00Z') }))
  edit.addReservation(edit.reservation({ walkinId: 413, dinerPatron: undefined }))
  edit.addGuest(edit.guest({ patron: { id: 1, email: 'ada@example.com' }, optIn: true }))
  edit.publish({ takenAt: new Date('2026-06-02T06:57:00Z'), spreadSeconds: 0 })
  const [reservation, walkIn] = await firstRows(simulator, '121')
  expect(reservation).toMatchObject({ id: 413, dateTime: '2026-06-05T12:00', business: { id: 121 } })
  expect(JSON.stringify(reservation)).toContain(forbidden)
  expect(walkIn).not.toHaveProperty('id')
  expect(walkIn).not.toHaveProperty('dinerPatron')
  expect([...simulator.truth('121').guests()]).toMatchObject([
    { id: '1', email: 'ada@example.com', optIn: true },
  ])
  const { reservationDataUrls, guestDataUrls } = await links(simulator, '121')
  for (const link of [...reservationDataUrls, ...guestDataUrls]) {
    expect((await fetch(link)).headers.get('last-modified')).toBe('Tue, 02 Jun 2026 06:57:00 GMT')
  }
})

test('edits show with the next snapshot, not before', () => {
  const [first = ''] = keys()
  const edit = simulator.edit('121')
  edit.replaceReservation(first ?? '', (row) => ({ ...row, partySize: 99 }))
  edit.removeReservation(keys()[1] ?? '')
  expect(keys()).toHaveLength(120)
  edit.publish()
  expect(keys()).toHaveLength(119)
  expect([...simulator.truth('121').reservations()][0]?.partySize).toBe(99)
})

test('a row can be taken out and come back', () => {
  const edit = simulator.edit('121')
  const row = edit.reservation({ id: 5 })
  for (const wanted of [121, 120, 121]) {
    if (wanted === 120) edit.removeReservation('r:5')
    else edit.addReservation(row)
    edit.publish()
    expect(keys()).toHaveLength(wanted)
  }
})

test('guests can be replaced and removed by patron id', () => {
  const [one, two] = [...simulator.truth('121').guests()].map((guest) => guest.id)
  const edit = simulator.edit('121')
  edit.replaceGuest(one ?? '', (row) => ({ ...row, optIn: false, optInSource: 'OPTED_OUT' }))
  edit.removeGuest(two ?? '')
  edit.publish()
  const guests = [...simulator.truth('121').guests()]
  expect(guests[0]).toMatchObject({ id: one, optInSource: 'OPTED_OUT' })
  expect(guests.some((guest) => guest.id === two)).toBe(false)
})

test('editing a row that is not there says so when it is published', () => {
  simulator.edit('121').removeReservation('r:1')
  expect(() => simulator.edit('121').publish()).toThrow('The simulator has no row r:1.')
})

test('the split into files and the order of rows are free, the rows are the same', async () => {
  const edit = simulator.edit('121')
  const ids = async () =>
    (await fileTexts(simulator, '121'))
      .flatMap((text) => JSON.parse(text) as Record<string, unknown>[])
      .filter((row) => row.serviceDateTimestamp)
      .map((row) => String(row.id ?? `w${row.walkinId}`))
  const before = await ids()
  for (const order of ['reversed', 'shuffled', 'as booked'] as const) {
    edit.setRowsPerFile(7)
    edit.setOrder(order)
    edit.publish()
    const after = await ids()
    if (order === 'as booked') expect(after).toEqual(before)
    else expect(after).not.toEqual(before)
    expect(after.toSorted()).toEqual(before.toSorted())
  }
  expect((await links(simulator, '121')).reservationDataUrls).toHaveLength(18)
})

test('files can be given outright, whatever stands in them', async () => {
  const edit = simulator.edit('121')
  edit.setFiles('reservations', [[{ id: 1 }, null, 'text'], []])
  edit.publish()
  expect((await fileTexts(simulator, '121')).slice(0, 2)).toEqual(['[{"id":1},null,"text"]', '[]'])
  edit.setFiles('reservations', null)
  edit.publish()
  expect(await firstRows(simulator, '121')).toHaveLength(120)
})

test('nights leave rows alone that a test put in', () => {
  const edit = simulator.edit('121')
  edit.clear()
  edit.addReservation(edit.reservation({ id: 5 }))
  edit.publish()
  simulator.nextNight(5)
  expect(keys()).toEqual(['r:5'])
})
