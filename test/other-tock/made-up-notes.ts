import type { Draft } from './made-up-visit.ts'
import { cardNumbers, otherLongNumbers } from './sentinels.ts'

const general = 'BOOKING_GENERAL_NOTE'
const dietary = 'BOOKING_DIETARY_NOTE'
const guest = 'GUEST_PROVIDED_NOTE'

type Notes = Record<string, [string, string | undefined][]>

const lists: Notes = {
  'note-general': [[general, 'VIP, friend of the winemaker']],
  'note-dietary': [[dietary, 'Severe allergy: tree nuts']],
  'note-guest': [[guest, 'It’s our anniversary — “quiet” table please']],
  'note-several': [
    [general, 'Parking validated'],
    [dietary, 'One vegan'],
    [guest, 'We may be late'],
    [guest, 'Second note of the same kind'],
    [general, 'Parking validated'],
  ],
  'note-of-unknown-type': [['SOMMELIER_NOTE', 'Likes Riesling']],
  'note-empty': [
    [general, ''],
    [guest, 'after an empty one'],
  ],
  'note-without-text': [
    [dietary, undefined],
    [guest, 'after one without text'],
  ],
  'note-of-lines': [[guest, 'first line\nsecond line\r\n\tthird line']],
  'note-in-scripts': [[guest, 'Größe 🍷👩‍👩‍👧 ナッツなし ללא אגוזים بدون مكسرات "quoted" \\ back']],
  'note-long': [[general, 'Tell the whole story. '.repeat(400)]],
  'note-with-html': [[guest, '<script>alert(1)</script> & <b>=SUM(A1)</b>']],
}

for (const [place, card] of cardNumbers.entries())
  lists[`card-in-note-${place + 1}`] = [[place % 2 ? general : guest, `my card is ${card} exp 12/29, thanks`]]

for (const [place, number] of otherLongNumbers.entries())
  lists[`long-number-in-note-${place + 1}`] = [[guest, `call or check ${number} please`]]

/** Texts that some databases cannot hold; only for those who ask for them. */
const hostile: Notes = {
  'note-with-nul': [[guest, 'before\u0000after']],
  'note-with-half-a-character': [[guest, 'half \ud83c of a glass']],
}

const asCases = (all: Notes): Record<string, (row: Draft) => undefined> =>
  Object.fromEntries(
    Object.entries(all).map(([name, notes]) => [
      name,
      (row: Draft) => {
        row.note = notes.map(([noteType, text]) => (text === undefined ? { noteType } : { noteType, text }))
        return undefined
      },
    ]),
  )

export const noteCases = asCases(lists)
export const hostileNoteCases = asCases(hostile)
