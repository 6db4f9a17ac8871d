/** A guest profile as the export writes it: consent, which is kept, amid all that is not. */

import { type Patron, type People, patron, patronId, patronRow } from './patrons.ts'
import { numberOf, pick, pickWeighted, type Random, seededRandom, whole } from './random.ts'
import type { RawRow } from './raw-row.ts'
import { forbidden } from './sentinels.ts'
import type { Venue } from './venue.ts'

/** Which profile of a patron: the current one, or a version that an edit replaced. */
export type GuestPlan = { patron: number; archivedVersion: number | null }

export type GuestList = { people: People; venues: readonly Venue[]; startedMs: number }

/** After every twelve patrons stands an archived profile of one of them. */
const perArchived = 12

export function firstGuestSlots(patrons: number): number {
  return patrons + Math.floor(patrons / perArchived)
}

export function guestPlanAt(slot: number): GuestPlan {
  const block = Math.floor(slot / (perArchived + 1))
  const place = slot % (perArchived + 1)
  const isArchived = place === perArchived
  return {
    patron: block * perArchived + (isArchived ? 5 : place),
    archivedVersion: isArchived ? -1 : null,
  }
}

export function guestRow(list: GuestList, plan: GuestPlan): RawRow {
  const { people } = list
  const random = seededRandom(people.seed, numberOf(people.businessGroupId), 41, plan.patron)
  const edit = people.edits.get(plan.patron)
  const isCurrent = plan.archivedVersion === null
  const version = plan.archivedVersion ?? edit?.version ?? 0
  const createdMs = list.startedMs - whole(random, 1, 900) * 86_400_000
  const consent = consentOf(random, createdMs)
  const wasWritten = createdMs + Math.floor(random() * (list.startedMs - createdMs))
  const who = patron(people, plan.patron, isCurrent ? 'now' : 'before')
  const changed = isCurrent && edit ? edit : undefined
  return {
    id: profileId(people, plan.patron, version),
    patron: patronRow(isCurrent || who.email === undefined ? who : { ...who, email: `old.${who.email}` }),
    ...(random() < 0.2 && { nickName: `${forbidden} Nick` }),
    ...privateOf(who, random),
    businessGroupId: Number(people.businessGroupId),
    ...(!isCurrent && { nextGuestProfileId: profileId(people, plan.patron, version + 1), isArchived: true }),
    ...(isCurrent && { isArchived: false }),
    ...historyOf(list, who, random),
    canEdit: random() < 0.5,
    updatedBy: { id: patronId(people, 0), firstName: `${forbidden} Host` },
    ...consent,
    ...(changed?.optInSource !== undefined && {
      optIn: changed.optIn,
      optInSource: changed.optInSource,
      dateOptedIn: new Date(changed.updatedMs).toISOString(),
    }),
    versionId: version + 1,
    createdAtTimestamp: createdMs,
    updatedAtTimestamp: isCurrent ? (changed?.updatedMs ?? wasWritten) : createdMs,
    isTockVerified: random() < 0.6,
  }
}

/** A profile's own id changes with every edit: nobody can rely on it. */
function profileId(people: People, index: number, version: number): number {
  return 900_000_000 + (numberOf(people.businessGroupId) % 1000) * 1_000_000 + index * 64 + version + 1
}

function consentOf(random: Random, createdMs: number): RawRow {
  const [optInSource, optIn] = pickWeighted(random, consents)
  const dateOptedIn = new Date(createdMs + 3_600_000).toISOString()
  return {
    ...(optInSource !== null && { optInSource, dateOptedIn }),
    ...(optIn !== null && { optIn }),
  }
}

const consents: readonly (readonly [number, readonly [string | null, boolean | null]])[] = [
  [28, ['PURCHASE', true]],
  [8, ['WAITLIST', true]],
  [9, ['NEWSLETTER', true]],
  [10, ['OPTED_OUT', false]],
  [15, ['NO_OPT_IN', false]],
  [10, ['IMPORTED', true]],
  [15, [null, null]],
  [2, ['PURCHASE', null]],
  [3, ['CHECKIN_TABLET', true]],
]

function privateOf(who: Patron, random: Random): RawRow {
  return {
    ...(random() < 0.3 && { company: `${forbidden} Works`, jobTitle: `${forbidden} Cooper` }),
    ...(random() < 0.2 && {
      spouseName: `${forbidden} Spouse`,
      spouse: { id: 5_000_000 + who.index, email: `${forbidden}.spouse@example.com` },
    }),
    ...(random() < 0.5 && {
      address: {
        address1: `${who.index} ${forbidden} Lane`,
        address2: `${forbidden} Suite`,
        city: `${forbidden}ville`,
        state: 'CA',
        country: 'US',
        zipCode: `${forbidden}-94574`,
      },
    }),
    phone: [{ type: 'MOBILE', phone: who.phone, phoneCountryCode: '+1 US' }],
    day: random() < 0.4 ? [{ type: pick(random, dayTypes), day: 12, month: 7, year: 1974 }] : [],
    link: random() < 0.2 ? [{ type: 'LINKEDIN', link: `https://links.example.com/${forbidden}` }] : [],
    patronProfileDietaryRestriction: random() < 0.3 ? [`${forbidden} gluten`] : [],
    patronProfileHospitalityPreference: random() < 0.2 ? [`${forbidden} booth`] : [],
    ...(random() < 0.1 && { patronProfileAversions: `${forbidden} oysters` }),
  }
}

const dayTypes = ['BIRTHDAY', 'OTHER_BIRTHDAY', 'ANNIVERSARY', 'PARTNER_BIRTHDAY'] as const

function historyOf(list: GuestList, who: Patron, random: Random): RawRow {
  const spend = { totalSpendCents: whole(random, 0, 900_000), spendInLastYearCents: whole(random, 0, 90_000) }
  const tag = random() < 0.3 ? [`${forbidden} Big Spender`] : []
  const note = {
    note: `${forbidden} Sends wine back.`,
    lastUpdatedBy: { id: patronId(list.people, 1), firstName: `${forbidden} Host` },
    lastUpdatedAtTimestampMs: list.startedMs - 86_400_000,
    previousVersionId: 12_345,
    noteType: 'GENERAL',
  }
  const notes = random() < 0.3 ? [note] : []
  const isMember = random() < 0.2
  return {
    importedProfile: { link: [] },
    businessGuestProfile: list.venues.map((venue) => ({
      business: venue.row,
      note: notes,
      tag,
      spend: { ...spend, averageSpendPerVisitCents: 9000 },
    })),
    businessGroupGuestProfile: { note: notes, tag, spend },
    tag,
    attribute: isMember ? [clubMembership(list, who)] : [],
    ...(isMember && {
      loyaltyProgramCardNumber: `${forbidden}-CARD-${who.index}`,
      loyaltyProgramMembershipLevel: `${forbidden} Gold`,
      loyaltyProgramAccountId: `${forbidden}-ACCOUNT-${who.index}`,
    }),
  }
}

function clubMembership(list: GuestList, who: Patron): RawRow {
  return {
    businessId: Number(list.venues[0]?.spec.businessId ?? 0),
    patronId: who.id,
    type: 'ECELLAR',
    attribute: 'membership',
    stringValue: `${forbidden} Founders Club`,
    intValue: `${who.index}`,
  }
}
