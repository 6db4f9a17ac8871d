/** What a night changes among a group's guests: a few new ones, and edits that archive the profile before. */

import type { Night } from './night-edit.ts'
import { type PatronEdit, type People, patron, patronId } from './patrons.ts'
import { numberOf, pickWeighted, type Random, seededRandom, whole } from './random.ts'
import type { Group } from './world.ts'

export function nightOfGuests(group: Group, night: Night): void {
  const { people } = group
  if (people.initialCount < 10) return
  const random = seededRandom(people.seed, numberOf(people.businessGroupId), 61, night.number)
  const newcomers = whole(random, 1, 2 + Math.round(people.initialCount * 0.0008))
  for (let come = 0; come < newcomers; come++) {
    group.addedGuests.push({ patron: people.count, archivedVersion: null })
    log(group, 'newGuests', String(patronId(people, people.count)))
    people.count++
  }
  const edits = Math.max(1, Math.round(people.initialCount * 0.002))
  const edited = new Set<number>()
  for (let done = 0; done < edits; done++) {
    const index = whole(random, 6, people.initialCount - 1)
    // Twice in a night would archive the version before twice.
    if (edited.has(index)) continue
    edited.add(index)
    editGuest(group, index, { isFirst: done === 0, night, random })
  }
}

function editGuest(
  group: Group,
  index: number,
  { isFirst, night, random }: { isFirst: boolean; night: Night; random: Random },
): void {
  const { people } = group
  const before = people.edits.get(index)
  // A changed address or name shows in every old reservation of that patron, so there is one such a night.
  const what = isFirst ? pickWeighted(random, personalEdits) : pickWeighted(random, consentEdits)
  const version = (before?.version ?? 0) + 1
  const updatedMs = Math.floor(night.fromMs + (night.toMs - night.fromMs) * random())
  people.edits.set(index, { ...before, version, updatedMs, ...editOf(people, index, what, version) })
  group.addedGuests.push({ patron: index, archivedVersion: version - 1 })
  for (const business of group.businesses) {
    business.lastNight.guestEdits.push({ patronId: String(patronId(people, index)), what })
  }
}

const personalEdits = [
  [60, 'e-mail'],
  [40, 'last name'],
] as const

const consentEdits = [
  [50, 'opted out'],
  [25, 'opted in'],
  [15, 'no opt-in'],
  [10, 'nothing kept'],
] as const

type What = (typeof personalEdits)[number][1] | (typeof consentEdits)[number][1]

function editOf(people: People, index: number, what: What, version: number): Partial<PatronEdit> {
  switch (what) {
    case 'e-mail':
      return { email: `new.${version}.${index}@mail.example.com` }
    case 'last name':
      return { lastName: `${patron(people, index).lastName ?? 'Someone'}-Newly` }
    case 'opted out':
      return { optIn: false, optInSource: 'OPTED_OUT' }
    case 'opted in':
      return { optIn: true, optInSource: 'NEWSLETTER' }
    case 'no opt-in':
      return { optIn: false, optInSource: 'NO_OPT_IN' }
    default:
      return {}
  }
}

function log(group: Group, what: 'newGuests', patron: string): void {
  for (const business of group.businesses) business.lastNight[what].push(patron)
}
