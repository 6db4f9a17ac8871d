import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnreadableFile } from '../../src/tock/unreadable-file.ts'
import { ada, bytesOf, readGuestsFile } from './raw-rows.ts'

const profile = (changes: Record<string, unknown> = {}) => ({
  id: 88_001,
  patron: { ...ada, phone: 'FORBIDDEN', zipCode: 'FORBIDDEN' },
  businessGroupId: 55,
  company: 'FORBIDDEN',
  tag: ['FORBIDDEN'],
  optIn: true,
  optInSource: 'PURCHASE',
  dateOptedIn: '2026-03-04T05:06:07Z',
  versionId: 4,
  updatedAtTimestamp: 1_790_000_000_000,
  isArchived: false,
  ...changes,
})

const read = (...rows: unknown[]) => readGuestsFile(bytesOf(rows))
const readOne = (changes: Record<string, unknown>) => read(profile(changes)).rows[0]

test('a guest is kept by the patron, never by the changing id of the profile', () => {
  const file = read(profile())
  expect(file).toEqual({
    rows: [
      {
        patronId: '1069',
        email: 'ada@example.com',
        firstName: 'Ada',
        lastName: 'Example',
        optIn: true,
        optInSource: 'PURCHASE',
        dateOptedIn: '2026-03-04T05:06:07Z',
        updatedAtMs: 1_790_000_000_000,
      },
    ],
    read: 1,
    archived: 0,
  })
  expect(JSON.stringify(file)).not.toMatch(/FORBIDDEN|88001/)
})

test('archived profiles are counted and left out', () => {
  const nexts = [{ isArchived: true }, { nextGuestProfileId: 5 }, { nextGuestProfileId: '9007199254740993' }]
  expect(read(profile(), ...nexts.map(profile))).toMatchObject({
    read: 4,
    archived: 3,
    rows: [{ patronId: '1069' }],
  })
  expect(read(profile({ isArchived: 'no', nextGuestProfileId: null })).archived).toBe(0)
})

test('a patron id keeps every digit', () => {
  const wire = JSON.stringify([profile({ patron: { id: 'ID' } })]).replace('"ID"', '18446744073709551615')
  expect(readGuestsFile(bytesOf(wire)).rows[0]?.patronId).toBe('18446744073709551615')
})

describe('consent', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, null],
    [null, null],
    ['true', null],
    [1, null],
  ])('of %j is %j', (optIn, kept) => {
    expect(readOne({ optIn })?.optIn).toBe(kept)
  })

  test('keeps what Tock says of it, as it stands', () => {
    expect(readOne({ optInSource: 'SOMETHING_NEW' })?.optInSource).toBe('SOMETHING_NEW')
    expect(readOne({ optInSource: undefined, dateOptedIn: undefined })).toMatchObject({
      optInSource: null,
      dateOptedIn: null,
    })
    // Passes the check of a card number, and is a time.
    expect(readOne({ dateOptedIn: '1556639480798' })?.dateOptedIn).toBe('1556639480798')
    expect(readOne({ dateOptedIn: 1_556_639_480_798 })?.dateOptedIn).toBe('1556639480798')
  })
})

test('a profile may lack nearly everything', () => {
  const empty = {
    patronId: null,
    email: null,
    firstName: null,
    lastName: null,
    optIn: null,
    optInSource: null,
    dateOptedIn: null,
    updatedAtMs: null,
  }
  expect(
    read({}, { patron: null }, { patron: [] }, { patron: { firstName: 'Guest', email: 5 } }).rows,
  ).toEqual([empty, empty, empty, empty])
})

test('bytes that are not one array of objects are unreadable', () => {
  for (const text of ['', '{}', '[null]', '[{}', '<html>']) {
    expect(() => readGuestsFile(bytesOf(text))).toThrow(UnreadableFile)
  }
})

test('every profile is counted, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.array(fc.object({ key: fc.constantFrom(...Object.keys(profile())) })), (rows) => {
      const file = readGuestsFile(bytesOf(rows))
      expect(file.read).toBe(rows.length)
      expect(file.rows.length + file.archived).toBe(rows.length)
    }),
  )
})
