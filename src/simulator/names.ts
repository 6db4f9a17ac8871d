/** Made-up people's names, and the ones a host types when nobody gave one. */

import { pick, type Random } from './random.ts'

const firstNames =
  'Amelia Bruno Clara Dario Elena Felix Greta Hugo Ines Jonas Katya Liam Marta Noah Olivia Pablo Quinn Rosa Stefan Talia Uma Victor Wendy Ximena Yusuf Zoe André Chloë Zoë Søren Łukasz Siân Jürgen Renée Iñaki Mary-Jane Björk Dvořák Anaïs Nguyệt'.split(
    ' ',
  )

const lastNames =
  "Abbott Barros Caldwell Duarte Eastwood Fontaine Garrity Holloway Ibsen Jarvis Kessler Lindqvist Moreau Novak Okafor Pellegrini Quigley Rossi Santos Thornbury Urquhart Valdez Whitcombe Xavier Yamada Zeller O'Hare D'Angelo Müller Peña García-Núñez Åkesson Škvorecký Brontë van~der~Meer de~la~Cruz Le~Guen Øster Strauß Smith"
    .split(' ')
    .map((name) => name.replaceAll('~', ' '))

/** Rare enough to be forgotten, common enough to occur. */
const rareNames = [
  { firstName: '明', lastName: '王' },
  { firstName: '美咲', lastName: '佐藤' },
  { firstName: '지우', lastName: '김' },
  { firstName: 'ليلى', lastName: 'حداد' },
  { firstName: 'נועה', lastName: 'לוי' },
  { firstName: 'Ольга', lastName: 'Иванова' },
  { firstName: 'Robin 🍷', lastName: 'Vine' },
  { firstName: 'Madonna' },
  { lastName: 'Party of the Bride' },
]

export const placeholderNames: readonly PersonName[] = [
  { firstName: 'Guest' },
  { firstName: 'Walk-in', lastName: 'Guest' },
  { firstName: 'Unknown', lastName: 'Unknown' },
  { firstName: 'TBD' },
  { firstName: 'n/a', lastName: 'n/a' },
  { firstName: '-', lastName: '-' },
  { firstName: ' ', lastName: '' },
]

export type PersonName = { firstName?: string; lastName?: string }

export function personName(random: Random): PersonName {
  if (random() < 0.02) return pick(random, rareNames)
  return { firstName: pick(random, firstNames), lastName: pick(random, lastNames) }
}

/** What of a name fits the left side of an address. */
export function mailboxName(name: PersonName): string {
  const ascii = `${name.firstName ?? ''}.${name.lastName ?? ''}`
    .normalize('NFD')
    .replaceAll(/[^A-Za-z.]/g, '')
    .replaceAll(/^\.+|\.+$/g, '')
  return ascii.toLowerCase() || 'guest'
}
