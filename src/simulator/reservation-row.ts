/** A reservation as the export writes it: full rows, with everything that is never kept. */

import { type PersonName, personName, placeholderNames } from './names.ts'
import { patron, patronRow } from './patrons.ts'
import { pick, type Random, seededRandom, whole } from './random.ts'
import type { RawRow } from './raw-row.ts'
import { nothingElse, pricesOf, serviceOf } from './reservation-money.ts'
import { notesOf } from './reservation-notes.ts'
import { type Plan, rowId } from './reservation-plan.ts'
import { forbidden, forbiddenConfirmation } from './sentinels.ts'
import { experienceName, type Venue } from './venue.ts'

export function reservationRow(venue: Venue, plan: Plan): RawRow {
  // Two streams: what an edit does to the money must not give the row another note.
  const random = seededRandom(venue.seed, venue.number, 31, plan.slot)
  const lasting = seededRandom(venue.seed, venue.number, 32, plan.slot)
  return {
    ...idOf(venue, plan),
    business: venue.row,
    dateTime: venue.time.wall(plan.startsMs + (plan.oddity === 'wall time disagrees' ? 5_400_000 : 0)),
    ...(plan.oddity !== 'no party size' && { partySize: plan.partySize }),
    ...nothingElse,
    ...bookedOf(venue, plan, random),
    ...serviceOf(venue, plan, random),
    createdTimestamp: plan.createdMs,
    lastUpdatedTimestamp: plan.updatedMs,
    serviceDateTimestamp: plan.startsMs,
    transferredOut: plan.transferredOut,
    isCancelled: plan.isCancelled,
    ...patronsOf(venue, plan, lasting),
    // Looks like a timestamp; is not one to rely on.
    versionId: plan.createdMs + 793,
    partyState: plan.state,
    sequenceId: plan.sequence,
    note: notesOf(plan, lasting),
    ...seatingOf(venue, plan, lasting),
    ...(plan.oddity === 'unknown fields' && {
      guestMoodForecast: { mood: `${forbidden} sunny`, score: [1, 2, 3] },
      isRobot: false,
    }),
  }
}

function idOf(venue: Venue, plan: Plan): RawRow {
  const id = rowId(venue, plan)
  if (plan.isWalkIn) return { walkinId: id }
  return { id, confirmationCode: `${forbiddenConfirmation}${String(plan.slot % 1000).padStart(3, '0')}` }
}

/** Walk-ins have neither experience nor price. */
function bookedOf(venue: Venue, plan: Plan, random: Random): RawRow {
  const experience = venue.experiences[plan.experience]
  if (plan.isWalkIn || !experience) return {}
  return {
    experience: {
      id: experience.id,
      name: experienceName(venue, experience, plan.updatedMs),
      amountCents: experience.amountCents,
      posSku: `${forbidden}-EXP-${experience.id}`,
      variety: plan.oddity === 'unknown variety' ? 'SUBSCRIPTION' : experience.variety,
    },
    ...pricesOf(plan, experience, random),
  }
}

function patronsOf(venue: Venue, plan: Plan, random: Random): RawRow {
  const owner = plan.owner === null ? null : patron(venue.people, plan.owner)
  const diner = plan.diner === null ? null : patron(venue.people, plan.diner)
  const name = nameOnReservation(plan, random)
  return {
    ...(owner && { ownerPatron: patronRow(owner) }),
    ...(diner && {
      dinerPatron: {
        ...patronRow(diner),
        ...(name && { firstName: name.firstName, lastName: name.lastName }),
        ...(plan.oddity === 'same patron, e-mail on the owner only' && { email: undefined }),
      },
    }),
  }
}

/** A host may type another name than the patron's; then it stands on the reservation alone. */
function nameOnReservation(plan: Plan, random: Random): PersonName | null {
  if (plan.oddity?.startsWith('front desk')) return personName(random)
  if (plan.oddity === 'placeholder name' || plan.oddity === 'walk in under a placeholder name') {
    return pick(random, placeholderNames)
  }
  return null
}

function seatingOf(venue: Venue, plan: Plan, random: Random): RawRow {
  const area = venue.seatingAreas[whole(random, 0, venue.seatingAreas.length - 1)]
  const isSeated = area && plan.oddity !== 'no seating area' && random() < 0.93
  return isSeated ? { seatingOption: { ...area } } : {}
}
