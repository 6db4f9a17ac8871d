/** What a decision does, in figures and in a sentence; the same for a look ahead and for what was done. */

export type Effect = {
  /** Guests of Tock that belong to another customer, or to none, from now on, with their reservations. */
  guests: number
  reservations: number
  /** Customers that a pull had created, and that go. */
  takenBack: string[]
  /** Such that stay, inactive: somebody released, exported or edited them. */
  keptInactive: string[]
  /** Customers that are opted out, because the same person has opted out elsewhere. */
  optedOut: string[]
  /** Customers that get another e-mail address. */
  newAddress: string[]
}

export const noEffect: Effect = {
  guests: 0,
  reservations: 0,
  takenBack: [],
  keptInactive: [],
  optedOut: [],
  newAddress: [],
}

/** @param whose what becomes of the guests: `belong to customer 12` */
export function effectInWords(effect: Effect, whose: string): string {
  const { guests, reservations, takenBack, keptInactive, optedOut } = effect
  const sentences = [
    guests > 0 && `${count(guests, 'guest')} and ${count(reservations, 'reservation')} ${whose}.`,
    takenBack.length > 0 && `${customers(takenBack)}, made by a pull, ${are(takenBack)} taken back.`,
    keptInactive.length > 0 &&
      `${customers(keptInactive)} had been released, exported or edited: ${are(keptInactive)} kept, inactive and without guests.`,
    optedOut.length > 0 &&
      `${customers(optedOut)} ${are(optedOut)} opted out of e-mail, as the same person had.`,
  ]
  return sentences.filter((sentence) => sentence !== false).join(' ')
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`
const customers = (ids: string[]) => `${ids.length === 1 ? 'Customer' : 'Customers'} ${ids.join(', ')}`
const are = (ids: string[]) => (ids.length === 1 ? 'is' : 'are')
