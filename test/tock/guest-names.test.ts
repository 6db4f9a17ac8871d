import { describe, expect, test } from 'vitest'
import { ada, bo, readOne } from './raw-rows.ts'

type Names = { firstName?: unknown; lastName?: unknown; email?: unknown; id?: unknown }
const diner = (changes: Names) => readOne({ dinerPatron: { ...ada, ...changes } })

describe('who comes', () => {
  test('is the diner, also where somebody else booked', () => {
    expect(readOne({ dinerPatron: ada, ownerPatron: bo })).toMatchObject({
      partyName: 'Ada Example',
      guestPatronId: '1069',
      guestEmail: 'ada@example.com',
      ownerPatronId: '2001',
    })
  })

  test('has the e-mail of who booked only when that is the same patron', () => {
    const silent = { ...ada, email: undefined }
    expect(readOne({ dinerPatron: silent, ownerPatron: ada }).guestEmail).toBe('ada@example.com')
    expect(readOne({ dinerPatron: silent, ownerPatron: { ...ada, id: '1069' } }).guestEmail).toBe(
      'ada@example.com',
    )
    expect(readOne({ dinerPatron: silent, ownerPatron: bo })).toMatchObject({
      guestEmail: null,
      guestPatronId: '1069',
      ownerPatronId: '2001',
    })
    const nobody = { firstName: 'Ada' }
    expect(readOne({ dinerPatron: nobody, ownerPatron: { email: 'bo@example.com' } }).guestEmail).toBeNull()
  })

  test('is who booked when no diner is named', () => {
    expect(readOne({ dinerPatron: undefined, ownerPatron: bo })).toMatchObject({
      partyName: 'Bo Sample',
      guestPatronId: '2001',
      guestEmail: 'bo@example.com',
      guestFirstName: 'Bo',
      ownerPatronId: null,
    })
  })

  test('may be nobody known', () => {
    expect(readOne({ dinerPatron: undefined, ownerPatron: undefined })).toMatchObject({
      partyName: null,
      guestPatronId: null,
      guestEmail: null,
      guestFirstName: null,
      guestLastName: null,
      ownerPatronId: null,
    })
  })

  test('is known without an id by what else is told', () => {
    expect(readOne({ dinerPatron: { email: 'ada@example.com' }, ownerPatron: bo })).toMatchObject({
      guestPatronId: null,
      guestEmail: 'ada@example.com',
      ownerPatronId: '2001',
    })
  })
})

describe('the party name', () => {
  test('is the name of who booked where the diner has none; the guest stays nameless', () => {
    const guest = { id: 7, firstName: 'Guest', lastName: '' }
    expect(readOne({ dinerPatron: guest, ownerPatron: bo })).toMatchObject({
      partyName: 'Bo Sample',
      guestFirstName: null,
      guestLastName: null,
    })
  })

  test('is what there is of it', () => {
    expect(diner({ firstName: undefined })).toMatchObject({ partyName: 'Example', guestFirstName: null })
    expect(diner({ lastName: ' ' })).toMatchObject({ partyName: 'Ada', guestLastName: null })
    expect(diner({ firstName: ' Ada ', lastName: 7 })).toMatchObject({
      partyName: 'Ada 7',
      guestLastName: '7',
    })
  })

  test('of the guest is taken from who booked when that is the same patron', () => {
    const nameless = { ...ada, firstName: undefined, lastName: '-' }
    expect(readOne({ dinerPatron: nameless, ownerPatron: ada })).toMatchObject({
      guestFirstName: 'Ada',
      guestLastName: 'Example',
    })
    expect(readOne({ dinerPatron: { id: 1069, lastName: 'Byron' }, ownerPatron: ada })).toMatchObject({
      partyName: 'Byron',
      guestFirstName: null,
      guestLastName: 'Byron',
    })
  })
})

describe('what is no name', () => {
  test.each([
    'Guest',
    'GUEST',
    'Walk-in',
    'Walk in',
    'Walkin',
    'walk‑in',
    'WALK  IN',
    'Unknown',
    'TBD',
    'n/a',
    'N/A',
    '-',
    '--',
    '—',
    '.',
    ' ',
    '',
    '\u00a0',
  ])('is dropped: %j', (placeholder) => {
    expect(diner({ firstName: placeholder })).toMatchObject({ partyName: 'Example', guestFirstName: null })
    expect(diner({ lastName: placeholder })).toMatchObject({ partyName: 'Ada', guestLastName: null })
  })

  test('is dropped where two halves make one', () => {
    const row = readOne({
      dinerPatron: { ...ada, firstName: 'Walk', lastName: 'In' },
      ownerPatron: undefined,
    })
    expect(row).toMatchObject({ partyName: null, guestFirstName: null, guestLastName: null })
  })

  test.each(['Guestave', 'Unknowne', 'Dash', 'Walker', 'Tbdowska', 'O’Neil', '李'])(
    'is not this: %s',
    (name) => {
      expect(diner({ firstName: name }).guestFirstName).toBe(name)
    },
  )

  test.each([
    { value: null },
    { value: undefined },
    { value: true },
    { value: {} },
    { value: [] },
    { value: ['Ada'] },
  ])('is anything but a text: $value', ({ value }) => {
    const dinerPatron = { id: 7, firstName: value, lastName: value, email: value }
    expect(readOne({ dinerPatron, ownerPatron: bo })).toMatchObject({
      partyName: 'Bo Sample',
      guestFirstName: null,
      guestLastName: null,
      guestEmail: null,
    })
  })
})

describe('names and addresses', () => {
  test('hold no card number, not even one that begins in the first and ends in the last', () => {
    expect(diner({ lastName: 'Example 4111-1111-1111-1111 exp 12/27' }).partyName).toBe(
      'Ada Example [card number removed]',
    )
    expect(diner({ firstName: '4111 1111', lastName: '1111 1111 12/27' })).toMatchObject({
      partyName: '[card number removed]',
      guestFirstName: '[card number removed]',
      guestLastName: null,
    })
    expect(diner({ email: '4111 1111 1111 1111' }).guestEmail).toBe('[card number removed]')
    expect(diner({ email: ' 4111111111111111@example.com\u0000 ' }).guestEmail).toBe(
      '4111111111111111@example.com',
    )
  })

  test('hold nothing that the database cannot', () => {
    expect(diner({ firstName: '\ud83c\udf77A\u0000d\udc00a\ud800 ' }).guestFirstName).toBe('🍷Ada')
  })

  test('are no longer than names are', () => {
    const row = diner({ firstName: 'a'.repeat(300), lastName: `${'b'.repeat(199)}🍷` })
    expect(row.guestFirstName).toBe('a'.repeat(200))
    expect(row.guestLastName).toBe('b'.repeat(199))
    expect(row.partyName).toBe(`${row.guestFirstName} ${row.guestLastName}`)
  })
})
