import type { Dice } from './dice.ts'
import { asPatron, type Person } from './made-up-people.ts'
import { neverKeep, neverKeepNumber, notNamed } from './sentinels.ts'
import { type Row, wireNumber } from './wire.ts'

const sources = [
  'PURCHASE',
  'WAITLIST',
  'NEWSLETTER',
  'IMPORTED',
  'NO_OPT_IN',
  'OPTED_OUT',
  undefined,
  'A_SOURCE_NOBODY_KNOWS',
]
const answers = [true, false, undefined]
const datesOptedIn = ['2024-03-05T17:20:00Z', '1709659200000', '03/05/2024', 'Mar 5, 2024 5:20 PM', undefined]

const firstProfileId = 70_000_000

export interface GuestPlan {
  rows: number
  archived: number
  withoutPatron: number
}

/** How many rows of a file of this many are what: a few old versions, and one that names nobody. */
export function planGuests(rows: number): GuestPlan {
  const archived = rows >= 10 ? Math.max(4, Math.floor(rows * 0.06)) : 0
  const withoutPatron = rows >= 50 ? 1 : 0
  return { rows, archived, withoutPatron }
}

export function makeUpGuests(
  dice: Dice,
  people: Person[],
  plan: GuestPlan,
  group: string,
  now: number,
): Row[] {
  const current = plan.rows - plan.archived - plan.withoutPatron
  const rows: Row[] = []
  for (let place = 0; place < current; place += 1) {
    const optIn = answers[place % answers.length]
    const optInSource = sources[Math.floor(place / answers.length) % sources.length]
    const row: Record<string, unknown> = {
      ...profile(dice, profileId(place), group, now),
      patron: guestPatron(people[place]!),
    }
    if (optIn !== undefined) row.optIn = optIn
    if (optInSource) row.optInSource = optInSource
    const dateOptedIn = dice.pick(datesOptedIn)
    if (dateOptedIn && optIn !== undefined) row.dateOptedIn = dateOptedIn
    if (place % 2 === 0) row.isArchived = false
    rows.push(row)
  }
  for (let place = 0; place < plan.archived; place += 1)
    rows.push(oldVersion(dice, people, place, group, now))
  for (let place = 0; place < plan.withoutPatron; place += 1)
    rows.push({ ...profile(dice, firstProfileId - 500_000 - place, group, now), optIn: true })
  return dice.shuffled(rows)
}

/** Some profile ids are long, too. */
function profileId(place: number): number | bigint {
  return place % 40 === 7 ? 9007199254740993n + BigInt(place) : firstProfileId + place
}

/** Says the opposite of what holds now, under an address that is no longer theirs. */
function oldVersion(dice: Dice, people: Person[], place: number, group: string, now: number): Row {
  const person: Person = { ...(people[place] ?? people[0]!), email: `old-address-${place}@example.com` }
  if (place === 3) person.id = 99_999 // somebody of whom there is no current version
  const marks = [
    { isArchived: true, nextGuestProfileId: profileId(place) },
    { nextGuestProfileId: profileId(place) },
    { isArchived: true },
    { isArchived: true, nextGuestProfileId: 99_999_999 },
  ][place % 4]
  return {
    ...profile(dice, firstProfileId - 1 - place, group, now),
    patron: guestPatron(person),
    optIn: place % 2 === 0,
    optInSource: place % 2 === 0 ? 'PURCHASE' : 'OPTED_OUT',
    ...marks,
  }
}

function guestPatron(person: Person): Row {
  const patron: Record<string, unknown> = { ...asPatron(person, ['phone']) }
  if (person.phone) {
    patron.phone = `${person.phone} ${neverKeep}-patron-phone`
    patron.phoneCountryCode = '+1 US'
  }
  patron.zipCode = `${neverKeep}-zip`
  patron.loyaltyProgramCardNumber = `${neverKeep}-patron-card`
  patron.loyaltyProgramAccountId = `${neverKeep}-patron-account`
  return patron
}

function profile(dice: Dice, id: number | bigint, group: string, now: number): Row {
  const created = now - dice.between(100, 1000) * 86_400_000
  const updated = created + dice.between(0, 90) * 86_400_000
  const note = (noteType: string): Row => ({
    note: `${neverKeep}-guest-note`,
    noteType,
    lastUpdatedBy: { id: 5, email: 'staff@example.com', firstName: 'Staff', lastName: notNamed },
    lastUpdatedAtTimestampMs: updated,
  })
  const spend = { totalSpendCents: neverKeepNumber, spendInLastYearCents: neverKeepNumber }
  const spouse = { id: 90_001, email: 'spouse@example.com', firstName: 'Spouse', lastName: notNamed }
  return {
    id,
    nickName: `${notNamed}-nick`,
    company: `${neverKeep}-employer`,
    jobTitle: `${neverKeep}-job`,
    spouseName: `${notNamed}-spouse`,
    ...(dice.chance(0.2) ? { spouse } : {}),
    address: {
      address1: `${neverKeep}-street`,
      city: `${neverKeep}-city`,
      country: 'US',
      zipCode: neverKeep,
    },
    phone: [{ type: 'HOME', phone: `${neverKeep}-phone`, phoneCountryCode: '+1 US' }],
    day: [{ type: 'BIRTHDAY', day: 29, month: 2, year: 1904 }],
    link: [{ type: 'FACEBOOK', link: `https://www.example.com/${neverKeep}-link` }],
    patronProfileDietaryRestriction: [`${neverKeep}-diet`],
    patronProfileHospitalityPreference: [`${neverKeep}-preference`],
    patronProfileAversions: `${neverKeep}-aversion`,
    businessGroupId: wireNumber(group),
    importedProfile: { link: [{ type: 'IMAGE', link: `https://www.example.com/${neverKeep}-image` }] },
    businessGuestProfile: [
      {
        business: { id: 900_001, name: `${notNamed}-brand`, timeZone: 'UTC' },
        note: [note('GENERAL')],
        tag: [`${neverKeep}-brand-tag`],
        spend: { ...spend, averageSpendPerVisitCents: neverKeepNumber },
      },
    ],
    businessGroupGuestProfile: {
      note: [note('GENERAL'), note('DIETARY')],
      tag: [`${neverKeep}-group-tag`],
      spend,
    },
    tag: [`${neverKeep}-tag`],
    attribute: [
      {
        businessId: 900_001,
        patronId: 1,
        type: 'CLUB',
        attribute: 'membership',
        stringValue: `${neverKeep}-club`,
      },
      { businessId: 900_001, patronId: 1, type: 'CLUB', attribute: 'account', intValue: neverKeepNumber },
    ],
    canEdit: dice.chance(0.5),
    updatedBy: { id: 5, email: 'staff@example.com', firstName: 'Staff', lastName: notNamed },
    loyaltyProgramCardNumber: `${neverKeep}-card`,
    loyaltyProgramMembershipLevel: `${neverKeep}-level`,
    loyaltyProgramAccountId: `${neverKeep}-account`,
    versionId: dice.below(9),
    createdAtTimestamp: created,
    updatedAtTimestamp: updated,
    isTockVerified: true,
    ...(dice.chance(0.1) ? { somethingNew: { list: [`${notNamed}-unknown`], deep: { er: 1 } } } : {}),
  }
}
