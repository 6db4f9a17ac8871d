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

/**
 * What nobody may keep, found the slow way: 13 to 19 digits, spaces and dashes aside, that pass Luhn's check and either
 * have no digit next to them, or belong to a known brand, or stand in more than 19 digits without a break.
 */
export function cardNumbersIn(text: string): string[] {
  const found: string[] = []
  for (let from = 0; from < text.length; from += 1) {
    for (let to = from + 13; to <= text.length && /^\d[\d -]*$/.test(text.slice(from, to)); to += 1) {
      const digits = text.slice(from, to).replaceAll(/\D/g, '')
      if (!/\d/.test(text.charAt(to - 1)) || digits.length < 13 || digits.length > 19 || !passesLuhn(digits))
        continue
      const standsAlone = !/\d$/.test(text.slice(0, from)) && !/^\d/.test(text.slice(to))
      const hasBrand =
        digits.length === 16 ? /^(?:4|5[1-5])/.test(digits) : digits.length === 15 && /^3[47]/.test(digits)
      const before = /\d*$/.exec(text.slice(0, from))?.[0].length ?? 0
      const after = /^\d*/.exec(text.slice(to))?.[0].length ?? 0
      const isInLongGroup = digits.length === to - from && before + digits.length + after > 19
      if (standsAlone || hasBrand || isInLongGroup) found.push(text.slice(from, to))
    }
  }
  return found
}
