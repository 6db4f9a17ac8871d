/** Card numbers for tests: the payment processors' published test numbers, and any number that passes Luhn's check. */

import fc from 'fast-check'

export const processorsTestNumbers = [
  '4111111111111111',
  '4012888888881881',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '3056930009020004',
  '36227206271667',
  '3566002020360505',
  '6205500000000000004',
]

/** Written independently of the product: every second digit from the right, the last one excepted, counts twice. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = Number(digits[digits.length - 1 - fromRight])
    const twice = digit * 2
    sum += fromRight % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice
  }
  return sum % 10 === 0
}

/** 13 to 19 digits of any kind that pass Luhn's check. */
export const anyCardNumber = fc
  .tuple(fc.stringMatching(/^[0-9]{12,18}$/), fc.constant(null))
  .map(([body]) => [...'0123456789'].map((check) => body + check).find(passesLuhn) ?? body)

/** Whether 13 to 19 digits in a row, spaces and dashes aside, pass Luhn's check anywhere in the text. */
export function holdsCardNumber(text: string): boolean {
  for (const run of text.match(/\d(?:[ -]*\d)*/g) ?? []) {
    const digits = run.replaceAll(/\D/g, '')
    for (let from = 0; from + 13 <= digits.length; from += 1) {
      for (let length = 13; length <= 19 && from + length <= digits.length; length += 1) {
        if (passesLuhn(digits.slice(from, from + length))) return true
      }
    }
  }
  return false
}
