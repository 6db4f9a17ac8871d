/** Releases of so many a day: planned after a look at what they do, shown, stopped by a person, ended by themselves. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { type ManyToRelease, manyToRelease } from '../contract/api/release.ts'
import type { CampaignEffect } from '../contract/campaign.ts'
import { Refusal } from '../contract/errors.ts'
import { assertExpected, chooseToRelease } from '../crm/customers-release.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { effectsOfRelease } from './campaign-effects.ts'
import { today } from './period-days.ts'
import { whomToReleaseIn } from './release-effects.ts'
import { findSegment } from './saved-segments.ts'

export type ReleasePlan = {
  planId: Id
  /** `all`, `pull 12`, `segment "Guests"`, `created 2026-01-01 to 2026-01-31`. */
  whom: string
  aDay: number
  /** On the winery's clock. */
  atTime: string
  madeAt: Date
  madeBy: string
  lastOn: string | null
  /** null: it is over. */
  nextAt: Date | null
  released: number
  waiting: number
  endedAt: Date | null
  endedBy: string | null
  endedBecause: string | null
}

export type ReleasePlanned = {
  planId: Id | null
  customers: number
  mayBeMailed: number
  days: number
  campaigns: CampaignEffect[]
}

type Options = { db: Db; wineryId: Id; actor: Actor; now: Date }

/** @throws Refusal not_found, invalid */
export async function planRelease(
  options: Options & { dryRun?: boolean; expected?: number | undefined },
  given: { whom: ManyToRelease; aDay: number; atTime: string },
): Promise<ReleasePlanned> {
  const { db, wineryId, actor, now } = options
  const { aDay, atTime } = given
  const whom = manyToRelease.parse(given.whom)
  return inWinery(db, wineryId, async (trx) => {
    const chosen = await whomToReleaseIn(trx, { wineryId, now }, whom)
    const { released: customers, mayBeMailed } = await chooseToRelease(trx, wineryId, chosen)
    assertExpected(options.expected, customers)
    const campaigns = await effectsOfRelease(trx, wineryId, now)
    const planned = { customers, mayBeMailed, days: Math.ceil(customers / aDay), campaigns }
    if (options.dryRun || customers === 0) return { planId: null, ...planned }
    const { rows } = await sql<{ id: Id }>`
      insert into ecellar.release_plans (winery_id, whom, a_day, at_time, made_at, made_by_kind, made_by_id, made_by)
      values (${wineryId}, ${JSON.stringify(whom)}::jsonb, ${aDay}, ${atTime}, ${now}, ${actor.kind}, ${actor.id},
        ${actor.name})
      returning plan_id as id`.execute(trx)
    const planId = rows[0]?.id ?? ''
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'customers.release',
      subject: `release plan ${planId}`,
      details: { whom: await wordsFor(trx, wineryId, whom), aDay, atTime, customers, mayBeMailed },
    })
    return { planId, ...planned }
  })
}

/** The latest first. */
export async function listReleasePlans(db: Db, wineryId: Id, now: Date): Promise<ReleasePlan[]> {
  return inWinery(db, wineryId, async (trx) => {
    const plans = await readPlans(trx, wineryId)
    const listed: ReleasePlan[] = []
    for (const plan of plans) listed.push(await shown(trx, wineryId, plan, now))
    return listed
  })
}

/** Who was released by it stays released. @throws Refusal not_found, invalid */
export async function stopReleasePlan(options: Options, planId: string): Promise<ReleasePlan> {
  const { db, wineryId, actor, now } = options
  return inWinery(db, wineryId, async (trx) => {
    const plan = (await readPlans(trx, wineryId)).find((one) => one.planId === planId)
    if (!plan) {
      throw new Refusal('not_found', `There is no release plan ${planId}.`, 'See: customers release-plans')
    }
    if (plan.endedAt) throw new Refusal('invalid', 'This release plan is over.', 'Nothing is left to do.')
    await sql`
      update ecellar.release_plans
      set ended_at = ${now}, ended_by = ${actor.name}, ended_because = 'It was stopped.'
      where winery_id = ${wineryId} and plan_id = ${planId}`.execute(trx)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'customers.release',
      subject: `release plan ${planId}`,
      details: { stopped: true },
    })
    const ended = { endedAt: now, endedBy: actor.name, endedBecause: 'It was stopped.' }
    return shown(trx, wineryId, { ...plan, ...ended }, now)
  })
}

export type StoredPlan = Omit<ReleasePlan, 'whom' | 'nextAt' | 'waiting'> & {
  whom: ManyToRelease
  timeZone: string
}

export async function readPlans(trx: WineryTransaction, wineryId: Id): Promise<StoredPlan[]> {
  const { rows } = await sql<StoredPlan>`
    select p.plan_id as "planId", p.whom, p.a_day as "aDay", p.at_time as "atTime", p.made_at as "madeAt",
      p.made_by as "madeBy", p.last_on::text as "lastOn", p.ended_at as "endedAt", p.ended_by as "endedBy",
      p.ended_because as "endedBecause", w.time_zone as "timeZone",
      coalesce((
        select sum(r.customers)::int from ecellar.releases r
        where r.winery_id = p.winery_id and r.plan_id = p.plan_id and r.taken_back_at is null
      ), 0) as released
    from ecellar.release_plans p
    join ecellar.wineries w on w.winery_id = p.winery_id
    where p.winery_id = ${wineryId}
    order by p.plan_id desc`.execute(trx)
  return rows.map((row) => ({ ...row, whom: manyToRelease.parse(row.whom) }))
}

/** The next stage's instant: today's where today had none yet, also when its time is past; else tomorrow's. */
export function nextStageAt(plan: Pick<StoredPlan, 'lastOn' | 'atTime' | 'timeZone'>, now: Date): Date {
  const day = today(now, plan.timeZone)
  const on = plan.lastOn === day.toString() ? day.add({ days: 1 }) : day
  const at = on.toPlainDateTime(Temporal.PlainTime.from(plan.atTime)).toZonedDateTime(plan.timeZone)
  return new Date(Math.max(at.epochMilliseconds, plan.lastOn === day.toString() ? 0 : now.getTime()))
}

async function shown(
  trx: WineryTransaction,
  wineryId: Id,
  { timeZone, ...plan }: StoredPlan,
  now: Date,
): Promise<ReleasePlan> {
  const isOver = plan.endedAt !== null
  return {
    ...plan,
    whom: await wordsFor(trx, wineryId, plan.whom),
    nextAt: isOver ? null : nextStageAt({ ...plan, timeZone }, now),
    waiting: isOver ? 0 : await countWaiting(trx, wineryId, plan, now),
  }
}

/** A plan whose segment or pull is gone has nobody left; its next stage ends it. */
async function countWaiting(
  trx: WineryTransaction,
  wineryId: Id,
  plan: Pick<StoredPlan, 'whom' | 'madeAt'>,
  now: Date,
): Promise<number> {
  try {
    const chosen = await whomToReleaseIn(trx, { wineryId, now }, plan.whom)
    return (await chooseToRelease(trx, wineryId, chosen, { createdUntil: plan.madeAt })).released
  } catch (error) {
    if (error instanceof Refusal) return 0
    throw error
  }
}

async function wordsFor(trx: WineryTransaction, wineryId: Id, whom: ManyToRelease): Promise<string> {
  switch (whom.kind) {
    case 'all':
      return 'all'
    case 'pull':
      return `pull ${whom.pullId}`
    case 'created':
      return `created ${whom.from ?? '…'} to ${whom.to ?? '…'}`
    case 'segment':
      return findSegment(trx, wineryId, whom).then(
        ({ name }) => `segment "${name}"`,
        () => `segment ${whom.segmentId}`,
      )
  }
}
