/** A pull's report for a person: what came, what changed, what waits for somebody, what to do next. */

import { campaignWords } from '../contract/campaign.ts'
import type { PullReport } from '../contract/pull-report.ts'

const outcome: Record<PullReport['status'], string> = {
  applied: 'applied',
  waiting: 'WAITING FOR APPROVAL: nothing was changed',
  refused: 'refused: nothing was changed',
  previewed: 'preview: nothing was changed',
  failed: 'failed: nothing was changed',
  rejected: 'rejected: nothing was changed',
  superseded: 'superseded by a later pull: nothing was changed',
}

export function reportText(report: PullReport): string {
  const lines = [
    `Pull ${report.pullId} of ${report.winery} / ${report.brand} (${report.kind}): ${outcome[report.status]}`,
  ]
  if (report.error) {
    lines.push('', `  ${report.error.message}`, `  Next: ${report.error.nextStep}`)
    return lines.join('\n')
  }
  lines.push('', ...figures(report))
  if (report.campaigns) lines.push('', ...report.campaigns.map((one) => `  ${campaignWords(one)}`))
  const next = nextSteps(report)
  if (next.length > 0) lines.push('', 'What to do next', ...next.map((step) => `  - ${step}`))
  return lines.join('\n')
}

/** Zeros are left out, except where a zero is the news. */
function figures(report: PullReport): string[] {
  const { reservations: r, guests: g, customers: c, snapshot } = report
  const isUnchanged = snapshot.filesUnchanged === snapshot.files
  const rows: [string, string][] = [
    [
      'Snapshot',
      `${snapshot.takenAt ?? 'time unknown'}, ${many(snapshot.files, 'file')}${isUnchanged ? ', all unchanged' : `, ${number(snapshot.filesUnchanged)} unchanged`}`,
    ],
    ['', `${megabytes(snapshot.bytes)} read, ${(report.durationMs / 1000).toFixed(1)} s in all`],
    [
      'Reservations',
      `${number(r.inSnapshot)} in Tock: ${number(r.added)} added, ${number(r.changed)} changed, ${number(r.unchanged)} unchanged`,
    ],
    ['', some([r.excluded, 'take-out or delivery'], [r.stale, 'stale'], [r.exceptions, 'not storable'])],
    ['', `${number(r.missing)} newly no longer in Tock`],
    [
      'Guests',
      `${number(g.read)} read${g.archived > 0 ? `, ${number(g.archived)} of them old versions` : ''}`,
    ],
    [
      '',
      some(
        [g.withoutEmail, 'without e-mail'],
        [g.bookersOnly, 'who only booked for others'],
        [g.waiting, 'waiting'],
      ),
    ],
    ['Customers', `${number(c.created)} created, ${number(c.matched)} matched to existing ones`],
    ['', some([c.unreleased, 'of the winery not released for marketing'])],
    ['Experiences', `${number(report.experiences.new)} new, ${number(report.experiences.unmapped)} unmapped`],
    ['Locations', `${number(report.locations.new)} new, ${number(report.locations.unmapped)} unmapped`],
  ]
  return rows.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(13)} ${text}`)
}

function some(...parts: [number, string][]): string {
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${number(count)} ${what}`)
    .join(', ')
}

function nextSteps(report: PullReport): string[] {
  const steps: string[] = []
  const at = `--winery ${report.winery} --brand ${report.brand}`
  if (report.waitingFor) {
    steps.push(
      `${report.waitingFor} Look at it, then: pulls approve ${report.pullId}, or: pulls reject ${report.pullId}`,
    )
  }
  const isFirst = report.kind === 'preview' || report.kind === 'initial'
  if (isFirst && report.customers.created > 0) {
    steps.push(
      `Campaigns for New customers: this ${report.kind === 'preview' ? 'initial pull would create' : 'pull created'} ${number(report.customers.created)} customers. None of them is released for marketing; once released they count as new. Check your scheduled campaigns first, then: customers release --winery ${report.winery} --pull ${report.kind === 'preview' ? 'ID' : report.pullId}`,
    )
  }
  if (!isFirst && report.customers.unreleased > 0) {
    steps.push(
      `${many(report.customers.unreleased, 'customer')} not released for marketing: customers release --winery ${report.winery} …`,
    )
  }
  if (report.kind === 'preview')
    steps.push(`If the figures are right, run the initial pull: pull ${at} --initial`)
  if (report.experiences.unmapped > 0)
    steps.push(`${many(report.experiences.unmapped, 'experience')} to map: experiences list ${at}`)
  if (report.locations.unmapped > 0)
    steps.push(`${many(report.locations.unmapped, 'seating area')} to map: locations list ${at}`)
  if (report.reservations.exceptions + report.customers.doubtful > 0) {
    const what = some(
      [report.reservations.exceptions, 'rows that could not be stored'],
      [report.customers.doubtful, 'doubtful matches'],
    )
    steps.push(`${what} to look at: exceptions list --winery ${report.winery}`)
  }
  if (report.guests.waiting > 0) {
    steps.push(
      `${many(report.guests.waiting, 'guest')} without a reservation here become customers once every brand of the group has been pulled.`,
    )
  }
  return steps
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function many(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
