import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnreadableFile } from '../../src/tock/unreadable-file.ts'
import {
  ada,
  business,
  bytesOf,
  rawReservation,
  readOne,
  readReservationsFile,
  readRows,
  startsAtMs,
} from './raw-rows.ts'

test('a reservation is kept with what stands in it, and with nothing else', () => {
  const row = rawReservation({
    note: [
      { noteType: 'GUEST_PROVIDED_NOTE', text: 'Window table' },
      { noteType: 'BOOKING_DIETARY_NOTE', text: 'No nuts' },
    ],
    seatingOption: { id: 31, name: 'Terrace', isOutdoors: true },
    payment: [{ amount: 'FORBIDDEN' }],
    table: [{ id: 1, name: 'FORBIDDEN' }],
    serverName: 'FORBIDDEN',
    keyValue: [{ attribute: 'utm', attributeValue: 'FORBIDDEN' }],
    visitFeedback: [{ message: 'FORBIDDEN' }],
    confirmationCode: 'FORBIDDEN',
    question: [{ name: 'FORBIDDEN', response: ['FORBIDDEN'] }],
    dinerPatron: { ...ada, phone: 'FORBIDDEN', zipCode: 'FORBIDDEN', loyaltyProgramCardNumber: 'FORBIDDEN' },
  })
  const file = readRows(row)
  expect(file).toEqual({
    rows: [
      {
        tockKey: 'r:413',
        startsAtMs,
        timeZone: 'America/Chicago',
        localStart: '2026-11-20T18:00:00',
        partyName: 'Ada Example',
        partySize: 2,
        notes: 'Window table\nNo nuts',
        status: 'Booked',
        tockState: 'EXPECTED',
        isCancelled: false,
        experienceId: '455',
        experienceName: 'Tasting menu',
        experienceVariety: 'PREPAID',
        seatingAreaId: '31',
        seatingAreaName: 'Terrace',
        guestPatronId: '1069',
        guestEmail: 'ada@example.com',
        guestFirstName: 'Ada',
        guestLastName: 'Example',
        ownerPatronId: null,
        sequenceId: '3',
        createdAtMs: 1_790_000_000_000,
        updatedAtMs: 1_790_000_100_000,
      },
    ],
    excludedKeys: [],
    exceptions: [],
    inSnapshot: 1,
    businessIds: ['707'],
    businessName: 'Hilltop Cellars',
    timeZone: 'America/Chicago',
  })
  expect(JSON.stringify(file)).not.toContain('FORBIDDEN')
})

describe('bytes that are not one array of objects', () => {
  const whole = JSON.stringify([rawReservation(), rawReservation()])
  test.each([
    ['nothing', ''],
    ['a page', '<!DOCTYPE html>'],
    ['half of it', whole.slice(0, whole.length / 2)],
    ['an object', '{"rows":[]}'],
    ['a null', 'null'],
    ['a text', '"[]"'],
    ['a null among the rows', '[{},null]'],
    ['a number among the rows', '[{},7]'],
    ['a list among the rows', '[{},[]]'],
    ['two arrays', '[{}][{}]'],
  ])('are unreadable: %s', (_name, text) => {
    expect(() => readReservationsFile(bytesOf(text))).toThrow(UnreadableFile)
  })

  test('are told without a word of what stands in them', () => {
    try {
      readReservationsFile(bytesOf('[{"dinerPatron":{"firstName":"Ada" Example}}]'))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableFile)
      expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toMatch(/Ada|firstName/)
    }
  })

  test('are every file that was cut, wherever that was', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => readReservationsFile(bytesOf(whole).subarray(0, length))).toThrow(UnreadableFile)
      }),
    )
  })
})

test('a byte order mark is no part of the file, and bytes that are no UTF-8 cost letters, not the file', () => {
  const text = JSON.stringify([rawReservation({ dinerPatron: { ...ada, firstName: 'Zo?' } })])
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(text)])
  bytes[bytes.indexOf('?')] = 0xff
  expect(readReservationsFile(bytes).rows[0]?.guestFirstName).toBe('Zo\uFFFD')
  expect(readReservationsFile(bytesOf('[]'))).toMatchObject({ rows: [], inSnapshot: 0, businessName: null })
})

describe('take-out and delivery', () => {
  test('are orders: excluded with their keys', () => {
    const order = (variety: string, changes = {}) =>
      rawReservation({ experience: { id: 1, variety }, ...changes })
    expect(
      readRows(order('PICKUP'), order('DELIVERY', { id: 414 }), rawReservation({ id: 415 })),
    ).toMatchObject({
      excludedKeys: ['r:413', 'r:414'],
      rows: [{ tockKey: 'r:415' }],
      exceptions: [],
      inSnapshot: 3,
    })
  })

  test('are orders even where they could not be stored', () => {
    const experience = { variety: 'PICKUP' }
    expect(readRows(rawReservation({ experience, id: undefined, serviceDateTimestamp: 'x' }))).toMatchObject({
      excludedKeys: [null],
      exceptions: [],
    })
  })
})

describe('status', () => {
  test.each([
    ['EXPECTED', 'Booked'],
    ['AWAITING_RESPONSE', 'Booked'],
    ['CONFIRMED_VIA_TEXT', 'Confirmed'],
    ['CONFIRMED_VIA_EMAIL', 'Confirmed'],
    ['CONFIRMED_VIA_PIGEON', 'Confirmed'],
    ['ARRIVED', 'Arrived'],
    ['PARTIALLY_ARRIVED', 'Arrived'],
    ['SEATED', 'Seated'],
    ['PARTIALLY_SEATED', 'Seated'],
    ['LEFT', 'Completed'],
    ['FINISHED', 'Completed'],
    ['CANCELLED', 'Cancelled'],
    ['NO_SHOW', 'No Show'],
    ['RUNNING_LATE', 'Other'],
  ])('of %s is %s, with the word kept beside it', (partyState, status) => {
    expect(readOne({ partyState })).toMatchObject({ status, tockState: partyState })
  })

  test('is Cancelled where the flag says so, and Transferred above all', () => {
    expect(readOne({ isCancelled: true, partyState: 'SEATED' })).toMatchObject({
      status: 'Cancelled',
      isCancelled: true,
      tockState: 'SEATED',
    })
    expect(readOne({ isCancelled: true, transferredOut: true, partyState: 'CANCELLED' }).status).toBe(
      'Transferred',
    )
    expect(readOne({ isCancelled: undefined, transferredOut: undefined, partyState: 'NO_SHOW' }).status).toBe(
      'No Show',
    )
  })

  test('is Cancelled where only the word says so, and then the reservation is cancelled', () => {
    expect(readOne({ isCancelled: false, partyState: 'CANCELLED' })).toMatchObject({
      status: 'Cancelled',
      isCancelled: true,
    })
  })

  test('is Other where Tock says nothing', () => {
    expect(readOne({ partyState: undefined })).toMatchObject({ status: 'Other', tockState: null })
  })
})

describe('notes', () => {
  const notesOf = (...texts: unknown[]) => readOne({ note: texts.map((text) => ({ text })) }).notes

  test('stand one to a line, in their order, blank ones left out', () => {
    expect(notesOf(' One ', '', '  ', 'Two\r\nin two\n\n lines', 7, null, 'Three')).toBe(
      'One\nTwo in two lines\nThree',
    )
    expect(notesOf()).toBeNull()
    expect(notesOf(' ')).toBeNull()
    expect(readOne({ note: undefined }).notes).toBeNull()
    expect(readOne({ note: 'text' }).notes).toBeNull()
    expect(readOne({ note: [null, 'x', 5, [], {}] }).notes).toBeNull()
  })

  test('lose a card number, also one in two lines, and what belongs to it in the next note', () => {
    expect(notesOf('Card 4111 1111\n1111 1111')).toBe('Card [card number removed]')
    expect(notesOf('Hold 4111111111111111', 'exp 12/27 cvv 123', 'No nuts')).toBe(
      'Hold [card number removed]\nNo nuts',
    )
    expect(notesOf('4111111111111111', 'exp 12/27 - no nuts')).toBe('[card number removed]\n- no nuts')
  })

  test('of any length are read in the time of one reading', () => {
    const long = `a${' '.repeat(1_000_000)}b`
    expect(notesOf(long)?.length).toBe(1)
  })

  test('are cut where nobody would type on, never within a letter', () => {
    expect(notesOf('n'.repeat(30_000))?.length).toBe(20_000)
    expect(notesOf(`${'n'.repeat(19_999)}🍷`)).toBe('n'.repeat(19_999))
  })
})

describe('party size', () => {
  test.each([
    [0, 0],
    [12, 12],
    ['4', 4],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, null],
    [-1, null],
    [2.5, null],
    ['many', null],
    [null, null],
    [undefined, null],
  ])('of %j is %j', (partySize, kept) => {
    expect(readOne({ partySize }).partySize).toBe(kept)
  })
})

test('change markers that are none are absent', () => {
  const changes = { sequenceId: -1, createdTimestamp: 'x', lastUpdatedTimestamp: 1e18 }
  expect(readOne(changes)).toMatchObject({ sequenceId: null, createdAtMs: null, updatedAtMs: null })
  expect(readOne({ sequenceId: '9223372036854775807' }).sequenceId).toBe('9223372036854775807')
  expect(readOne({ sequenceId: '9223372036854775808' }).sequenceId).toBeNull()
  expect(readOne({ sequenceId: 0, createdTimestamp: '1790000000000' })).toMatchObject({
    sequenceId: '0',
    createdAtMs: 1_790_000_000_000,
  })
})

test('names of experiences, areas and businesses are cleaned too', () => {
  const file = readRows(
    rawReservation({
      business: { ...business, name: ' Hilltop\u0000 4111-1111-1111-1111 ' },
      experience: { id: 1, name: 'Tasting 4111 1111 1111 1111 12/27', variety: 'NEW' },
      seatingOption: { id: 2, name: '\ud800Bar ' },
    }),
  )
  expect(file.businessName).toBe('Hilltop [card number removed]')
  expect(file.rows[0]).toMatchObject({
    experienceName: 'Tasting [card number removed]',
    experienceVariety: 'NEW',
    seatingAreaName: 'Bar',
  })
})

test('every row is counted once, whatever stands in its fields', () => {
  const anyFields = fc.record(
    Object.fromEntries(
      Object.keys(rawReservation({ walkinId: 1, seatingOption: {} })).map((name) => [
        name,
        fc.oneof(
          fc.constant(rawReservation()[name]),
          fc.jsonValue(),
          fc.object({ key: fc.constantFrom('id', 'email', 'firstName', 'text', 'name', 'variety') }),
        ),
      ]),
    ),
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(anyFields, { maxLength: 5 }), (rows) => {
      const file = readReservationsFile(bytesOf(rows))
      expect(file.inSnapshot).toBe(rows.length)
      expect(file.rows.length + file.excludedKeys.length + file.exceptions.length).toBe(rows.length)
      for (const row of file.rows) {
        for (const text of Object.values(row)) {
          if (typeof text === 'string') expect(text.isWellFormed() && !text.includes('\0')).toBe(true)
        }
      }
    }),
    { numRuns: 500 },
  )
})
