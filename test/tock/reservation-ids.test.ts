import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ada,
  business,
  bytesOf,
  rawReservation,
  readOne,
  readReservationsFile,
  readRows,
} from './raw-rows.ts'

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
      const { rows, businessIds } = readReservationsFile(bytesOf(wire))
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
        expect(readReservationsFile(bytesOf(wire)).rows[0]?.tockKey).toBe(`r:${id}`)
      }),
    )
  })

  test('inside a text stay text, beside wide ids and apart from them', () => {
    const note = 'He wrote {"id":9007199254740993, "walkinId": 9007199254740995}'
    const wire = JSON.stringify([rawReservation({ id: 'ID', note: [{ text: note }] })])
    expect(readReservationsFile(bytesOf(wire.replace('"ID"', '9007199254740997'))).rows[0]).toMatchObject({
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
    expect(file.businessIds).toEqual(['707', '1', '2', '3', null])
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
