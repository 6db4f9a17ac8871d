/** Who may be mailed (rule 20), and the one reason why somebody may not. */

import { type RawBuilder, sql } from 'kysely'
import type { SegmentWorld } from './segment-world.ts'

type MailWorld = Pick<SegmentWorld, 'mailPolicy' | 'now' | 'asIfReleased'>

/** In this order: a customer is counted under the first that applies. */
export const mailObstacles = [
  'noAddress',
  'bounced',
  'inactive',
  'optedOut',
  'notReleased',
  'notOptedIn',
] as const
export type MailObstacle = (typeof mailObstacles)[number]

/** The place in `mailObstacles`, from 1; 0: may be mailed. Of `ecellar.customers c`. */
export function mailObstacle(world: MailWorld): RawBuilder<number> {
  return sql<number>`case
    when c.email_key is null then 1
    when c.bounced then 2
    when not c.active then 3
    when c.email_consent = 'out' then 4
    when ${releasedAt(world)} is null then 5
    when ${lacksConsent(world)} then 6
    else 0
  end`
}

export function mayMail(world: MailWorld): RawBuilder<boolean> {
  return sql<boolean>`(c.email_key is not null and not c.bounced and c.active and ${releasedAt(world)} is not null
    and c.email_consent <> 'out' and not ${lacksConsent(world)})`
}

export function releasedAt({ asIfReleased, now }: MailWorld): RawBuilder<Date | null> {
  if (asIfReleased === undefined) return sql<Date | null>`c.released_at`
  return sql<Date | null>`coalesce(c.released_at, case when ${asIfReleased} then ${now}::timestamptz end)`
}

function lacksConsent({ mailPolicy }: MailWorld): RawBuilder<boolean> {
  return mailPolicy === 'not-opted-out'
    ? sql<boolean>`(c.email_consent = 'unknown' and c.created_by = 'tock')`
    : sql<boolean>`(c.email_consent = 'unknown')`
}
