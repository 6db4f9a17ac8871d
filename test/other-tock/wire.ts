import { createHash } from 'node:crypto'

export type Row = object

/** Ways of writing the same rows down. Every one of them is JSON that a client has to understand. */
export interface Writing {
  stringIds?: boolean
  pretty?: boolean
  bom?: boolean
  escaped?: boolean
}

/** The 64-bit fields, which the published model calls strings and the wire writes as numbers. */
const wide = new Set([
  'id',
  'walkinId',
  'versionId',
  'previousVersionId',
  'businessId',
  'businessGroupId',
  'patronId',
  'nextGuestProfileId',
  'ticketTypePromoCodeId',
  'intValue',
  'createdTimestamp',
  'lastUpdatedTimestamp',
  'serviceDateTimestamp',
  'createdAtTimestamp',
  'updatedAtTimestamp',
  'lastUpdatedAtTimestampMs',
  'createdAtEpochSec',
  'totalSpendCents',
  'spendInLastYearCents',
  'averageSpendPerVisitCents',
])

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON

export function writeJson(value: unknown, writing: Writing = {}): Buffer {
  const replace = (key: string, held: unknown): unknown => {
    const whole = typeof held === 'bigint' || typeof held === 'number'
    if (whole && writing.stringIds && wide.has(key)) return String(held)
    if (typeof held === 'bigint') return rawJson(String(held))
    if (typeof held === 'number' && Number.isInteger(held) && !Number.isSafeInteger(held))
      throw new Error(`${key} does not fit a number, hand it in as a bigint`)
    return held
  }
  let text = JSON.stringify(value, replace, writing.pretty ? 2 : undefined)
  if (writing.escaped)
    text = text.replace(/[^\t\n\r -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return Buffer.from(writing.bom ? `\uFEFF${text}` : text, 'utf8')
}

export function md5(body: Buffer | string): string {
  return createHash('md5').update(body).digest('hex')
}

/** A whole number as the wire has it: a plain number while it fits, a bigint beyond. */
export function wireNumber(digits: string): number | bigint {
  const plain = Number(digits)
  return Number.isSafeInteger(plain) ? plain : BigInt(digits)
}
