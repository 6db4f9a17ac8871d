/** What hosts and guests type about a reservation, card numbers included. */

import type { CaseName } from './case-names.ts'
import { pick, type Random } from './random.ts'
import type { RawRow } from './raw-row.ts'
import type { Plan } from './reservation-plan.ts'
import { cardNumbersInNotes } from './sentinels.ts'

export function notesOf(plan: Plan, random: Random): RawRow[] {
  const booked = plan.oddity ? oddNotes[plan.oddity] : undefined
  const usual = random() < 0.3 ? [note(pick(random, usualNotes), pick(random, noteTypes))] : []
  if (plan.note === null) return []
  if (plan.note !== undefined) return [note(plan.note)]
  return booked ?? usual
}

export function anyNote(random: Random): string {
  return pick(random, usualNotes)
}

const noteTypes = ['BOOKING_GENERAL_NOTE', 'BOOKING_DIETARY_NOTE', 'GUEST_PROVIDED_NOTE'] as const

const usualNotes = [
  'Anniversary, would love the terrace.',
  'Allergic to walnuts.',
  'Bringing a small dog.',
  'Two of the party do not drink.',
  'Wants to buy the 2019 library release.',
  'Arrives by bus, about ten minutes late.',
  'Wheelchair: ground floor, please.',
  'Prefers reds.',
  'Célèbre ses 40 ans, côté jardin s’il vous plaît.',
  'Vegetarisch, keine Nüsse.',
] as const

const [spaced, dashed, plain] = cardNumbersInNotes

const oddNotes: Partial<Record<CaseName, RawRow[]>> = {
  'card number in a note': [note(`Called. Card ${spaced} exp 04/29 cvv 123, hold the table.`)],
  'card number with dashes in a note': [note(`pays with ${dashed}`, 'GUEST_PROVIDED_NOTE')],
  'card number inside longer digits': [note(`ref 00${plain}77 from the phone list`)],
  'note of several lines': [note('First line\nSecond line\r\n\tindented third\n\n"quoted", with a \\ in it')],
  'note with emoji': [note('🍷🥂 Hen party 👩‍👩‍👧 — 生日快樂, 誕生日 🎂')],
  'note right to left': [
    note('طاولة قرب النافذة من فضلك'),
    note('שולחן ליד החלון, בבקשה', 'GUEST_PROVIDED_NOTE'),
  ],
  'many notes': noteTypes.map((type, at) => note(`Note number ${at + 1}`, type)),
  'unknown note type': [note('Likes the old vintages.', 'SOMMELIER_NOTE')],
  'lone surrogate in a note': [note('half an emoji \ud83c and a \u0000 zero')],
}

function note(text: string, noteType: string = 'BOOKING_GENERAL_NOTE'): RawRow {
  return { noteType, text }
}
