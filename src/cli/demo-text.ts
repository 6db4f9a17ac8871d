/** What the demo shows at its end, readable at 80 columns. */

import type { PullReport } from '../contract/pull-report.ts'
import type { DemoFigures } from './demo-figures.ts'
import type { DemoStory } from './demo-story.ts'
import { tableText } from './format-table.ts'

const width = 80

export function demoText(story: DemoStory, figures: DemoFigures): string {
  return [
    title(`${story.winery.name}: everything from Tock in one place`),
    brandTable(figures),
    '',
    title('What was booked, over all brands'),
    experienceTable(figures),
    '',
    'A dash under "reservation type" is an experience that nobody has mapped yet;',
    'its reservations are kept and counted all the same.',
    '',
    title('Last night'),
    nightTable(story.pulls),
    '',
    'Left out are take-out and delivery, which are orders. "Missing" are those that',
    'Tock has no longer: they are marked, never deleted.',
    '',
    title('Coming up'),
    tableText(
      ['local time', 'brand', 'party', 'experience'],
      figures.upcoming.map((next) => [next.localStart, next.brand, next.party, next.experience]),
      width,
    ),
    '',
    title('Customers'),
    ...customerLines(figures.customers, story.pulls),
    '',
    title('A first segment'),
    ...segmentLines(figures.segment),
    ...exceptionLines(figures.exceptions),
  ].join('\n')
}

export function lookFurtherText(at: {
  address: string
  users: { role: string; email: string; password: string }[]
  folder: string
  tockUrl: string
  winery: string
  brand: string
  databaseUrlIsSet: boolean
}): string {
  return [
    '',
    title(`The console: ${at.address}`),
    'Made-up users, one for each role:',
    tableText(
      ['role', 'e-mail address', 'password'],
      at.users.map(({ role, email, password }) => [role, email, password]),
      width,
    ),
    '',
    'From a question to an audience: as the marketer, Segments, one of those that are',
    'saved or ready-made, then Export.',
    '',
    title('Look further'),
    'The console, the database and the simulated Tock keep running. In another',
    'terminal, in this folder:',
    '',
    `  export ECELLAR_TOCK_DATA=${at.folder}`,
    `  export TOCK_API_URL=${at.tockUrl}`,
    // An empty value in the environment stands over one in the file .env.
    ...(at.databaseUrlIsSet ? ['  export DATABASE_URL='] : []),
    `  npx ecellar-tock pulls list`,
    `  npx ecellar-tock experiences list --winery ${at.winery}`,
    `  npx ecellar-tock exceptions list --winery ${at.winery}`,
    `  npx ecellar-tock customers release --winery ${at.winery} --all`,
    `  npx ecellar-tock database url --analyst --winery ${at.winery}`,
    '',
    'Another night passes, and one brand is pulled again:',
    '',
    `  curl -X POST ${at.tockUrl}/simulator/next-night -d '{"nights": 1}'`,
    `  npx ecellar-tock pull --winery ${at.winery} --brand ${at.brand}`,
    '',
    'Ctrl-C here stops everything and removes the folder.',
  ].join('\n')
}

function title(text: string): string {
  return `${text}\n${'─'.repeat(text.length)}`
}

function brandTable({ brands }: DemoFigures): string {
  return tableText(
    ['brand', 'name', 'zone', 'reservations', 'visits', 'guests', 'upcoming'],
    [
      ...brands.map((one) => [
        one.brand,
        one.name,
        // "Los Angeles" says enough at this width.
        one.timeZone?.split('/').at(-1)?.replaceAll('_', ' '),
        one.reservations,
        one.visits,
        one.customers,
        one.upcoming,
      ]),
    ],
    width,
  )
}

function experienceTable({ experiences, brands }: DemoFigures): string {
  const codes = brands.map(({ brand }) => brand)
  return tableText(
    ['experience', 'reservation type', ...codes, 'all'],
    experiences.map((one) => {
      const counts = codes.map((code) => one.brands[code] ?? 0)
      return [
        one.name ?? 'none',
        one.reservationType,
        ...counts,
        counts.reduce((sum, count) => sum + count, 0),
      ]
    }),
    width,
  )
}

function nightTable(pulls: PullReport[]): string {
  return tableText(
    ['brand', 'in Tock', 'added', 'changed', 'unchanged', 'left out', 'missing', 'new customers'],
    pulls
      .filter(({ kind }) => kind === 'nightly')
      .map(({ brand, reservations: r, customers }) => [
        brand,
        r.inSnapshot,
        r.added,
        r.changed,
        r.unchanged,
        r.excluded + r.stale + r.exceptions,
        r.missing,
        customers.created,
      ]),
    width,
  )
}

function customerLines(customers: DemoFigures['customers'], pulls: PullReport[]): string[] {
  const number = (figure: number) => figure.toLocaleString('en-US').padStart(7)
  const byBrand = new Map<string, number>()
  for (const { kind, brand, customers: made } of pulls) {
    if (kind !== 'preview') byBrand.set(brand, (byBrand.get(brand) ?? 0) + made.created)
  }
  const created = [...byBrand].map(([brand, count]) => `${brand} ${count.toLocaleString('en-US')}`)
  return [
    `${number(customers.imported)}  were in eCELLAR before`,
    `${number(customers.createdByTock)}  new from Tock, made by the pulls of ${created.join(', ')}`,
    `${number(customers.total)}  in all`,
    '',
    `${customers.unreleased.toLocaleString('en-US')} of the new ones are not released for marketing yet: the initial pulls made`,
    'them. Once released they count as New customers, and scheduled e-mail campaigns',
    'for New customers include those who may be mailed. Look through these campaigns',
    'first, then: customers release.',
  ]
}

function segmentLines(segment: DemoFigures['segment']): string[] {
  const number = (figure: number) => figure.toLocaleString('en-US')
  return [
    `"${segment.name}":`,
    `${number(segment.mayBeMailed)} customers, of ${number(segment.came)} who came.`,
    `Of the others ${number(segment.notReleased)} are not released yet, ${number(segment.noConsent)} have not said yes to mail,`,
    `${number(segment.other)} are inactive or their mail comes back.`,
  ]
}

function exceptionLines(exceptions: DemoFigures['exceptions']): string[] {
  if (exceptions.length === 0) return []
  return [
    '',
    title('Waiting for a person'),
    tableText(
      ['exception', 'open'],
      exceptions.map(({ code, count }) => [code, count]),
      width,
    ),
  ]
}
