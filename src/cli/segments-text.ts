/** What the segments' commands tell a person. */

import type { SegmentCount } from '../segments/ask-segment.ts'
import type { Explained, Explanation } from '../segments/explain-customer.ts'
import { factsText, many } from './format-table.ts'

export const obstacleWords = {
  noAddress: 'no e-mail address',
  bounced: 'mail bounced',
  inactive: 'inactive',
  optedOut: 'opted out',
  notReleased: 'not released for marketing',
  notOptedIn: 'has not opted in',
} as const

export function countText(count: SegmentCount): string {
  const reasons = Object.entries(obstacleWords)
    .map(([name, words]): [string, number] => [words, count.mayNotMail[name as keyof typeof obstacleWords]])
    .filter(([, customers]) => customers > 0)
  const lines = [
    factsText([
      ['matching', count.matching.toLocaleString('en-US')],
      ['may be mailed', count.mayMail.toLocaleString('en-US')],
      ...reasons.map(([words, customers]): [string, string] => [
        `  not: ${words}`,
        customers.toLocaleString('en-US'),
      ]),
    ]),
  ]
  if (count.asOf.length > 0) lines.push('', `Visits as of: ${asOfText(count)}`)
  return lines.join('\n')
}

export function explanationText(told: Explanation): string {
  const mail = told.obstacle === null ? 'may be mailed' : `may not be mailed: ${obstacleWords[told.obstacle]}`
  return [
    `Customer ${told.customerId} is ${told.isMember ? 'in' : 'not in'} this segment, and ${mail}.`,
    '',
    ...explainedLines(told.why, ''),
    ...(told.asOf.length > 0 ? ['', `Visits as of: ${asOfText(told)}`] : []),
  ].join('\n')
}

function explainedLines(why: Explained, indent: string): string[] {
  const mark = why.holds ? 'yes' : 'no '
  if (why.kind !== 'condition') {
    const words = { all: 'all of these', any: 'any of these', not: 'not this' }[why.kind]
    return [`${indent}${mark}  ${words}:`, ...why.of.flatMap((one) => explainedLines(one, `${indent}  `))]
  }
  const { kind, ...rest } = why.condition
  return [
    `${indent}${mark}  ${kind} ${JSON.stringify(rest)}`,
    ...why.reservations.map(
      (one) =>
        `${indent}       ${one.brand} ${one.localStart.replace('T', ' ')} ${one.status}${one.experience === null ? '' : `, ${one.experience}`} (${one.tockKey})`,
    ),
    ...(why.reservations.length > 1
      ? [`${indent}       ${many(why.reservations.length, 'reservation')}`]
      : []),
  ]
}

function asOfText({ asOf }: Pick<SegmentCount, 'asOf'>): string {
  return asOf
    .map(({ brand, snapshotTakenAt }) =>
      snapshotTakenAt === null
        ? `${brand} never pulled`
        : `${brand} ${snapshotTakenAt.toISOString().slice(0, 16)}Z`,
    )
    .join(', ')
}
