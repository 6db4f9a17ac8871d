import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { removeCardNumbers } from '../../src/tock/remove-card-numbers.ts'
import { anyCardNumber, cardNumbersIn, processorsTestNumbers } from './card-numbers.ts'

const removed = '[card number removed]'
const card = '4111 1111 1111 1111'

describe('a card number in free text', () => {
  test.each(processorsTestNumbers)('goes, whatever its brand: %s', (number) => {
    expect(removeCardNumbers(`Card ${number} please`)).toBe(`Card ${removed} please`)
  })

  test.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111 - 1111 - 1111 - 1111',
    '4111  1111  1111  1111',
    '4111.1111.1111.1111',
    '4111\u00a01111\u20091111\u30001111',
    '4111\u20111111\u20131111\u22121111',
    '4111\u200b1111\u200b1111\u200b1111',
    '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
    '3782 822463 10005',
  ])('goes with whatever stands between its digits: %s', (number) => {
    expect(removeCardNumbers(`a ${number} b`)).toBe(`a ${removed} b`)
  })

  test.each([
    ['full-width', 0xff10],
    ['Arabic-Indic', 0x660],
    ['Devanagari', 0x966],
    ['mathematical bold', 0x1d7ce],
    ['mathematical monospace', 0x1d7f6],
  ])('goes in %s digits', (_name, zero) => {
    const number = [...'4111111111111111'].map((digit) => String.fromCodePoint(zero + Number(digit))).join('')
    expect(removeCardNumbers(`寿司 ${number} ok`)).toBe(`寿司 ${removed} ok`)
  })

  test('goes out of the middle of a longer run of digits, the rest stays', () => {
    expect(removeCardNumbers(`99${'4111111111111111'}99`)).toBe(`99${removed}99`)
    expect(removeCardNumbers('12 4111 1111 1111 1111 77')).toBe(`12 ${removed} 77`)
  })

  test('goes as often as there is one', () => {
    expect(removeCardNumbers(`${card} ${card}`)).toBe(`${removed} ${removed}`)
    expect(removeCardNumbers('4111111111111111 or 378282246310005')).toBe(`${removed} or ${removed}`)
  })

  test('never survives where a number stands by itself, a brand is known, or more digits follow each other than a number has', () => {
    const grouped = (number: string) => number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')
    const piece = fc.oneof(
      anyCardNumber,
      anyCardNumber.map(grouped),
      anyCardNumber.map((number) => grouped(number).replaceAll(' ', '-')),
      fc.constantFrom(...processorsTestNumbers),
      fc.stringMatching(/^[0-9 -]{0,45}$/),
      fc.constantFrom(' ', 'a', '-', ' exp ', ', ', '/'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect(cardNumbersIn(removeCardNumbers(pieces.join('')))).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  test('goes from any text around it, and the text around it stays', () => {
    const word = fc.stringMatching(/^[a-zé ]{0,20}[a-zé]$/)
    fc.assert(
      fc.property(word, anyCardNumber, word, (before, number, after) => {
        fc.pre(
          !/^ *(?:exp|valid|good|thru|until|c[vsi]|sec|ver|card|code|pin|and|with|jan|feb|mar|apr|may|ju|aug|sep|oct|nov|dec)/.test(
            after,
          ),
        )
        expect(removeCardNumbers(`${before} ${number} ${after}`)).toBe(`${before} ${removed} ${after}`)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('what follows a card number', () => {
  test.each([
    '12/27',
    '12/2027',
    '12-27',
    '12 / 27',
    '1/28',
    '12.27',
    '12/31/27',
    '2027-12',
    '12\uff0f27',
    '1227',
    'exp 12/27',
    'exp. 12/27',
    'Exp: 12/2027',
    'EXP 1227',
    'exp 12 27',
    'expiry date 12/27',
    'expiration date: 12/2027',
    'expires 12/27',
    'expires Dec 2027',
    "exp December '27",
    'valid thru 12/27',
    '(exp 12/27)',
    ', exp 12/27, cvv 123',
    '12/27 123',
    '12/27 1234',
    '12/27, 123',
    '12/27 cvv 123',
    '12/27 and cvv 123',
    'cvv 123',
    'CVV: 1234',
    'cvv2 123',
    'cvc 123',
    'cid 1234',
    'csc 123',
    'security code 123',
    'security code is 123',
    'sec. code 123',
    'verification code 123',
    'code 123',
    'cvv 123 exp 12/27',
    'with exp 12/27 + cvv #123',
    '12/27 CVV123',
  ])('goes with it when it is its date or its code: %s', (tail) => {
    expect(removeCardNumbers(`Hold: ${card} ${tail}`).replaceAll(/[).]+$/g, '')).toBe(`Hold: ${removed}`)
    expect(removeCardNumbers(`${card} ${tail}; window table`)).toMatch(
      /^\[card number removed\][)]?; window table$/,
    )
  })

  test('goes for a number of no known brand as well', () => {
    fc.assert(
      fc.property(
        anyCardNumber,
        fc.constantFrom(' 12/27', ' 12/27 123', ' exp 12/27', ', exp 12/2027 cvv 123', ' cvv 123'),
        (number, tail) => {
          expect(removeCardNumbers(`${number}${tail}`)).toBe(removed)
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    'for 4 guests',
    'arriving 12/27',
    'window table',
    'call 555-0142',
    'mark 12',
    'Marvin 27',
    '100 bottles',
  ])('stays when it is neither: %s', (tail) => {
    expect(removeCardNumbers(`${card} ${tail}`)).toBe(`${removed} ${tail}`)
  })

  test('goes from the next line too, which stays a line of its own', () => {
    expect(removeCardNumbers(`${card}\nexp 12/27 cvv 123\nNo nuts`)).toBe(`${removed}\n\nNo nuts`)
  })
})

describe('what is no card number stays as it is', () => {
  test.each([
    '555-867-5309',
    '+1 (707) 555-0142',
    '17075550142',
    'Confirmation 123456789012',
    '4111 1111 1111 1112',
    '4111 1111 1111 111',
    'Order 1234567890123456',
    'Dinner 11/20/2026 18:00 for 12, then 11/21/2026',
    'exp 12/27 cvv 123',
    '4111 1111\n1111 1111',
    '',
    'No nuts, please. Anniversary!',
  ])('%s', (text) => {
    expect(removeCardNumbers(text)).toBe(text)
  })

  test('any text with fewer than 13 digits', () => {
    const fewDigits = fc
      .string({ unit: 'binary', maxLength: 60 })
      .filter((text) => (text.match(/\p{Nd}/gu) ?? []).length < 13)
    fc.assert(
      fc.property(fewDigits, (text) => {
        expect(removeCardNumbers(text)).toBe(text)
      }),
    )
  })
})

test('a very long text is read in the time of one reading', () => {
  const started = process.cpuUsage().user
  removeCardNumbers('1 '.repeat(100_000))
  removeCardNumbers(' '.repeat(100_000) + '4'.repeat(100_000))
  removeCardNumbers(`${'12-'.repeat(50_000)}x${'\u0660 '.repeat(50_000)}`)
  expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(20)
})
