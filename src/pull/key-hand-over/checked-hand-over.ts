/** What was entered over the link, checked before Tock is asked. Nothing of it is quoted: a key may stand in any field. */

import { checkedTockKey } from '../../access/tock-keys.ts'
import { emailKey } from '../../contract/email-address.ts'
import { Refusal } from '../../contract/errors.ts'

export type HandOverValues = {
  apiKey: string
  businessGroupId: string
  /** One for each brand of the link, by Brand Code. */
  businesses: { brand: string; businessId: string }[]
  /** Whom to tell how the key fares; absent: whom the link was mailed to. */
  email?: string | undefined
}

export type CheckedHandOver = {
  apiKey: string
  businessGroupId: string
  businesses: { brandId: string; brand: string; name: string; businessId: string }[]
  email: string | null
}

/** @throws Refusal invalid that tells everything that is wrong at once */
export function checkedHandOver(
  values: HandOverValues,
  brands: { brandId: string; brand: string; name: string }[],
): CheckedHandOver {
  const faults: string[] = []
  const apiKey = keyOr(values.apiKey, faults)
  const businessGroupId = idOr(values.businessGroupId, 'The Business Group ID', faults)
  const businesses = brands.map((brand) => {
    const given = values.businesses.filter((one) => sameCode(one.brand, brand.brand))
    if (given.length > 1) faults.push(`The Business ID of ${brand.name} (${brand.brand}) is given twice.`)
    const businessId = idOr(
      given[0]?.businessId ?? '',
      `The Business ID of ${brand.name} (${brand.brand})`,
      faults,
    )
    return { ...brand, businessId }
  })
  const strangers = values.businesses.filter((one) => !brands.some(({ brand }) => sameCode(one.brand, brand)))
  if (strangers.length > 0) faults.push('A brand is named that this link is not for.')
  const ids = businesses.map((one) => one.businessId).filter((id) => id !== '')
  if (new Set(ids).size < ids.length) faults.push('Two brands have the same Business ID; each has its own.')
  const email = values.email?.trim() ?? ''
  if (email !== '' && emailKey(email) === null) faults.push('The e-mail address is none.')
  if (faults.length > 0) {
    throw new Refusal(
      'invalid',
      faults.join(' '),
      'Correct it and send the form again: the link is still good. Take key and ids from Tock as they are.',
    )
  }
  return { apiKey, businessGroupId, businesses, email: email === '' ? null : email }
}

function keyOr(given: string, faults: string[]): string {
  try {
    return checkedTockKey(given)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    faults.push(error.message)
    return ''
  }
}

function idOr(given: string, what: string, faults: string[]): string {
  const id = given.trim()
  if (/^\d{1,20}$/.test(id)) return id
  faults.push(id === '' ? `${what} is missing.` : `${what} is no number: Tock's ids are digits alone.`)
  return ''
}

const sameCode = (one: string, other: string) => one.trim().toLowerCase() === other.toLowerCase()
