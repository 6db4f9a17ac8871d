/** After the night's pulls: what needs a person first, then what came, brand by brand. Counts alone. */

import type { MailData } from '../../contract/mail.ts'
import type { Block, Letter } from '../letter.ts'
import { mailDay, mailTime } from '../mail-time.ts'

type Report = MailData<'night-report'>
type Brand = Report['brands'][number]

export function nightReportLetter(data: Report, timeZone: string): Letter {
  const added = total(data.brands, (brand) => brand.added)
  const came = `${many(added, 'new reservation')}, ${many(
    total(data.brands, (brand) => brand.customersCreated),
    'new customer',
  )}`
  const needs = data.attention.length
  return {
    subject:
      needs > 0
        ? `${data.wineryName}: ${many(needs, 'thing')} from Tock ${needs === 1 ? 'needs' : 'need'} you`
        : `${data.wineryName}: ${came} from Tock`,
    preview: needs > 0 ? (data.attention[0] ?? came) : `${came}. Nothing needs you.`,
    title: `${data.wineryName}: from Tock, ${mailDay(data.night)}`,
    blocks: [
      needs > 0
        ? { kind: 'attention', title: 'What needs attention', items: data.attention }
        : { kind: 'paragraph', text: 'Nothing needs your attention.' },
      ...data.brands.map((brand) => brandBlock(brand, timeZone)),
      ...notReleased(data.notReleased),
      ...(data.consoleUrl === null
        ? []
        : [{ kind: 'button', text: 'Open the console', url: data.consoleUrl } as const]),
      {
        kind: 'small',
        text: 'You get this mail as the reservation contact. Support can have it sent only when something needs attention, or not at all.',
      },
    ],
  }
}

const outcomes: Record<Brand['outcome'], string> = {
  applied: 'Pulled.',
  waiting: 'The pull waits for approval; nothing of it was taken over.',
  rejected: 'The pull was not approved; nothing of it was taken over.',
  refused: 'Not pulled; nothing was changed.',
  failed: 'The pull failed; nothing was changed.',
  none: 'There was no pull.',
}

function brandBlock(brand: Brand, timeZone: string): Block {
  const asOf =
    brand.snapshotTakenAt === null
      ? ''
      : ` ${brand.outcome === 'applied' ? 'As' : 'What is stored is as'} of ${mailTime(brand.snapshotTakenAt, timeZone)}, when Tock took its snapshot.`
  const rows: [string, number][] = [
    ['New reservations', brand.added],
    ['Changed', brand.changed],
    ['No longer in Tock', brand.missing],
    ['New customers', brand.customersCreated],
  ]
  return {
    kind: 'figures',
    title: `${brand.name} (${brand.code})`,
    remark: `${outcomes[brand.outcome]}${asOf}`,
    rows: brand.outcome === 'applied' ? rows.map(([label, figure]) => [label, number(figure)]) : [],
  }
}

function notReleased(count: number): Block[] {
  if (count === 0) return []
  return [
    {
      kind: 'paragraph',
      text: `${many(count, 'customer')} ${count === 1 ? 'is' : 'are'} not released for marketing: campaigns do not reach ${count === 1 ? 'this one' : 'these'} until somebody releases ${count === 1 ? 'it' : 'them'}.`,
    },
  ]
}

function total(brands: Brand[], figure: (brand: Brand) => number): number {
  return brands.reduce((sum, brand) => sum + figure(brand), 0)
}

function many(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

const number = (count: number) => count.toLocaleString('en-US')
