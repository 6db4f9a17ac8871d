import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReservations } from '../../src/tock/read-reservations.ts'
import { UnreadableFile } from '../../src/tock/unreadable-file.ts'
import { ada, business, bytesOf, rawReservation, readOne, readRows, startsAtMs } from './raw-rows.ts'

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
    expect(() => readReservations(bytesOf(text))).toThrow(UnreadableFile)
  })

  test('are told without a word of what stands in them', () => {
    try {
      readReservations(bytesOf('[{"dinerPatron":{"firstName":"Ada" Example}}]'))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableFile)
      expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toMatch(/Ada|firstName/)
    }
  })

  test('are every file that was cut, wherever that was', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => readReservations(bytesOf(whole).subarray(0, length))).toThrow(UnreadableFile)
      }),
    )
  })
})

test('a byte order mark is no part of the file, and bytes that are no UTF-8 cost letters, not the file', () => {
  const text = JSON.stringify([rawReservation({ dinerPatron: { ...ada, firstName: 'Zo?' } })])
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(text)])
  bytes[bytes.indexOf('?')] = 0xff
  expect(readReservations(bytes).rows[0]?.guestFirstName).toBe('Zo\uFFFD')
  expect(readReservations(bytesOf('[]'))).toMatchObject({ rows: [], inSnapshot: 0, businessName: null })
})

describe('ids', () => {
  test('keep every digit beyond 2^53, as numbers and as texts', () => {
    const text = JSON.stringify([
      {
        ...rawReservation({ id: 'ID' }),
        business: { ...business, id: 'ID' },
        experience: { id: 'ID', name: 'Tasting' },
        seatingOption: { id: 'ID', name: 'Terrace' },
        dinerPatron: { ...ada, id: 'ID' },
        ownerPatron: { id: 'OWNER' },
        sequenceId: 'ID',
      },
    ])
    const id = '9007199254740993'
    const owner = '18446744073709551615'
    for (const written of [id, ` ${id} `, `"${id}"`]) {
      const wire = text.replaceAll('"ID"', written).replace('"OWNER"', owner)
      const { rows, businessIds } = readReservations(bytesOf(wire))
      expect(rows[0]).toMatchObject({
        tockKey: `r:${id}`,
        experienceId: id,
        seatingAreaId: id,
        guestPatronId: id,
        ownerPatronId: owner,
        sequenceId: id,
      })
      expect(businessIds).toEqual([id])
    }
  })

  test('of any size come out as they went in', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.boolean(), (id, isText) => {
        const wire = JSON.stringify([rawReservation({ id: 'ID' })]).replace(
          '"ID"',
          isText ? `"${id}"` : `${id}`,
        )
        expect(readReservations(bytesOf(wire)).rows[0]?.tockKey).toBe(`r:${id}`)
      }),
    )
  })

  test('inside a text stay text, beside wide ids and apart from them', () => {
    const note = 'He wrote {"id":9007199254740993, "walkinId": 9007199254740995}'
    const wire = JSON.stringify([rawReservation({ id: 'ID', note: [{ text: note }] })])
    expect(readReservations(bytesOf(wire.replace('"ID"', '9007199254740997'))).rows[0]).toMatchObject({
      tockKey: 'r:9007199254740997',
      notes: note,
    })
  })

  test.each([
    [0, 'r:0'],
    ['0413', 'r:0413'],
    [413, 'r:413'],
    ['413', 'r:413'],
    [4.13e2, 'r:413'],
  ])('are taken as they stand: %j', (id, tockKey) => {
    expect(readOne({ id }).tockKey).toBe(tockKey)
  })

  test.each([undefined, null, '', ' ', -5, '-5', 4.5, '4.5', '1e3', true, {}, [413], 'abc', 1e300])(
    'are none when they are something else: %j',
    (id) => {
      expect(readRows(rawReservation({ id })).exceptions).toMatchObject([
        { code: 'row_without_id', tockKey: null },
      ])
      expect(readOne({ id, walkinId: 9001 }).tockKey).toBe('w:9001')
    },
  )

  test('of a walk-in are numbered apart, and walk-ins form an experience', () => {
    expect(readOne({ id: undefined, walkinId: 413, experience: undefined })).toMatchObject({
      tockKey: 'w:413',
      experienceId: 'walk-in',
      experienceName: 'Walk-in',
      experienceVariety: null,
    })
    expect(readOne({ id: undefined, walkinId: 413 })).toMatchObject({ tockKey: 'w:413', experienceId: '455' })
    expect(readOne({ experience: undefined })).toMatchObject({ experienceId: null, experienceName: null })
  })

  test('of businesses are all told, those of orders and exceptions too', () => {
    const of = (id: unknown, changes = {}) => rawReservation({ business: { ...business, id }, ...changes })
    const file = readRows(
      of(707),
      of('707'),
      of(1, { experience: { variety: 'PICKUP' } }),
      of(2, { id: undefined }),
      of(3, { serviceDateTimestamp: 'x' }),
      of(undefined),
    )
    expect(file.businessIds).toEqual(['707', '1', '2', '3'])
  })
})

describe('the start', () => {
  const startOf = (changes: Record<string, unknown>) => readOne(changes).localStart

  test('is the timestamp, whatever the wall time says', () => {
    expect(startOf({ dateTime: '2020-01-01T20:00' })).toBe('2026-11-20T18:00:00')
    expect(startOf({ dateTime: 'soon' })).toBe('2026-11-20T18:00:00')
    expect(startOf({ serviceDateTimestamp: String(startsAtMs) })).toBe('2026-11-20T18:00:00')
    expect(startOf({ serviceDateTimestamp: 0 })).toBe('1969-12-31T18:00:00')
    expect(startOf({ serviceDateTimestamp: -1 })).toBe('1969-12-31T17:59:59')
  })

  test('is the wall time where there is no timestamp', () => {
    expect(readOne({ serviceDateTimestamp: undefined })).toMatchObject({
      startsAtMs,
      localStart: '2026-11-20T18:00:00',
    })
  })

  test('at a wall time that is skipped is an hour later, at one that happens twice the first', () => {
    const serviceDateTimestamp = undefined
    expect(readOne({ serviceDateTimestamp, dateTime: '2026-03-08T02:30' })).toMatchObject({
      startsAtMs: Date.parse('2026-03-08T03:30:00-05:00'),
      localStart: '2026-03-08T03:30:00',
    })
    expect(readOne({ serviceDateTimestamp, dateTime: '2026-11-01T01:30' })).toMatchObject({
      startsAtMs: Date.parse('2026-11-01T01:30:00-05:00'),
      localStart: '2026-11-01T01:30:00',
    })
  })

  test.each([
    { serviceDateTimestamp: 'soon' },
    { serviceDateTimestamp: '' },
    { serviceDateTimestamp: {} },
    { serviceDateTimestamp: true },
    { serviceDateTimestamp: 1.5 },
    { serviceDateTimestamp: 1e18 },
    { serviceDateTimestamp: Date.parse('-000001-01-01T00:00:00Z') },
    { serviceDateTimestamp: Date.parse('+010000-01-02T00:00:00Z') },
    { serviceDateTimestamp: undefined, dateTime: undefined },
    { serviceDateTimestamp: undefined, dateTime: '18:00' },
    { serviceDateTimestamp: undefined, dateTime: '2026-02-30T18:00' },
    { serviceDateTimestamp: undefined, dateTime: '2026-11-20T24:00' },
    { serviceDateTimestamp: undefined, dateTime: '2026-11-20T18:00Z' },
    { serviceDateTimestamp: undefined, dateTime: '0000-11-20T18:00' },
    { serviceDateTimestamp: undefined, dateTime: 1800 },
    { business: { ...business, timeZone: undefined } },
    { business: { ...business, timeZone: 'America/Nowhere' } },
    { business: { ...business, timeZone: '+02:00' } },
    { business: { ...business, timeZone: '' } },
    { business: { ...business, timeZone: 5 } },
    { business: undefined },
    { business: 'Hilltop' },
  ])('that cannot be read is an exception: %j', (changes) => {
    expect(readRows(rawReservation(changes))).toMatchObject({
      rows: [],
      exceptions: [{ code: 'unreadable_time', tockKey: 'r:413', subject: 'r:413' }],
      inSnapshot: 1,
    })
  })

  test('is in the zone under its usual name', () => {
    const changes = { business: { ...business, timeZone: 'america/chicago' } }
    expect(readOne(changes)).toMatchObject({ timeZone: 'America/Chicago', localStart: '2026-11-20T18:00:00' })
  })
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

describe('a row without an id', () => {
  const nameless = (changes = {}) => rawReservation({ id: undefined, ...changes })

  test('is told by its start, and by nothing of its guest', () => {
    const [exception] = readRows(nameless()).exceptions
    expect(exception).toEqual({
      code: 'row_without_id',
      tockKey: null,
      subject: expect.stringMatching(/^[0-9a-f]{16}$/),
      message:
        'A reservation row carries neither an id nor a walkinId (start 2026-11-20T18:00 America/Chicago)',
    })
    expect(readRows(nameless({ serviceDateTimestamp: 'x' })).exceptions).toMatchObject([
      { code: 'row_without_id', message: expect.stringContaining('(start unreadable)') },
    ])
  })

  test('is the same one wherever it stands and however it is edited, and another one is another', () => {
    const subjects = readRows(
      nameless(),
      rawReservation(),
      nameless({
        sequenceId: 9,
        lastUpdatedTimestamp: 1_800_000_000_000,
        partyState: 'SEATED',
        payment: [1],
      }),
      nameless({ createdTimestamp: 1_700_000_000_000 }),
      nameless({ serviceDateTimestamp: 1_800_000_000_000 }),
    ).exceptions.map((exception) => exception.subject)
    expect(subjects[1]).toBe(subjects[0])
    expect(new Set(subjects).size).toBe(3)
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
      const file = readReservations(bytesOf(rows))
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
