/** The customers that the demo's winery already has in eCELLAR, as the file that eCELLAR would export. */

import { stringify } from 'csv-stringify/sync'
import { mailboxName, personName } from '../simulator/names.ts'
import { pick, type Random, seededRandom, whole } from '../simulator/random.ts'
import type { TrueGuest } from '../simulator/truth.ts'

const alsoGuests = 2_000
const neverInTock = 1_500
const yearsBack = 12

/** Guests whom a real customer base would not hold: they book for others. */
const desk = /^(concierge|frontdesk)/i

/**
 * Everybody is made up. `guests` are those of the simulated Tock: three in five are customers already,
 * some under an address that is written differently.
 */
export function existingCustomers(guests: Iterable<TrueGuest>, now: Date): Buffer {
  const random = seededRandom(20)
  const rows: string[][] = []
  const seen = new Set<string>()
  let candidates = 0
  for (const guest of guests) {
    if (rows.length === alsoGuests) break
    const email = guest.email ?? ''
    if (guest.isArchived || !email.includes('@') || desk.test(email) || seen.has(email.toLowerCase()))
      continue
    seen.add(email.toLowerCase())
    candidates++
    if (candidates % 5 < 2) continue
    const written = rows.length % 10 === 0 ? email.toUpperCase() : email.toLowerCase()
    rows.push(customer(rows.length, [written, guest.firstName ?? '', guest.lastName ?? ''], random, now))
  }
  for (let made = 0; made < neverInTock; made++) {
    const name = personName(random)
    const email = `${mailboxName(name)}.c${made}@cellar.example.com`
    rows.push(customer(rows.length, [email, name.firstName ?? '', name.lastName ?? ''], random, now))
  }
  return Buffer.from(stringify([columns, ...rows]))
}

const columns = [
  'customer_id',
  'email',
  'first_name',
  'last_name',
  'customer_source',
  'customer_type',
  'allocation_tier',
  'active',
  'wants_email',
  'created_on',
  'bounced',
  'club_member',
]

function customer(index: number, person: string[], random: Random, now: Date): string[] {
  const isMember = random() < 0.25
  const createdOn = new Date(now.getTime() - whole(random, 30, yearsBack * 365) * 86_400_000)
  return [
    `EC-${100_001 + index}`,
    ...person,
    pick(random, ['Web Store', 'Tasting Room', 'Phone', 'Event']),
    isMember ? 'Club Member' : 'Retail',
    isMember ? pick(random, ['Tier 1', 'Tier 2', 'Tier 3']) : '',
    random() < 0.04 ? 'no' : 'yes',
    wantsEmail(random()),
    createdOn.toISOString().slice(0, 10),
    random() < 0.02 ? 'yes' : 'no',
    isMember ? 'yes' : 'no',
  ]
}

function wantsEmail(chance: number): string {
  if (chance < 0.6) return 'yes'
  return chance < 0.75 ? 'no' : ''
}
