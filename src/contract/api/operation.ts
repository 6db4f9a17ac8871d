/** What operators and Support look at: mails, alerts, the queue; and when a brand is pulled. */

import { z } from 'zod'
import { alertCodes, alertSchema } from '../alert.ts'
import { pullKinds } from '../pull-report.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

export const mailStates = ['waiting', 'sent', 'given up'] as const

export const mailSchema = z
  .object({
    mailId: idText,
    winery: winerySlug.nullable().describe("null: the installation's"),
    recipient: z.string(),
    template: z.string(),
    state: z.enum(mailStates),
    putAt: instant,
    tries: z.int(),
    nextTryAt: instant.nullable(),
    lastError: z.string().nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Mail' })

export const shownMail = z
  .object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() })
  .meta({ id: 'ShownMail', description: 'A mail as it is sent, without the link in it that opens something' })

export const mailFilters = { state: z.enum(mailStates).optional() }
export const mailParams = z.object({ mail: idText })
export const wineryMailParams = z.object({ winery: winerySlug, mail: idText })

export const alertShape = alertSchema
  .extend({ code: z.enum(alertCodes), raisedAt: instant, recoveredAt: instant.nullable() })
  .meta({ id: 'Alert' })

export const openOnly = z
  .enum(['open', 'all'])
  .default('open')
  .describe('`open`: what still is so; `all`: what is over, too')

export const queueState = z
  .object({
    queued: z.int(),
    running: z.int(),
    againLater: z.int().describe('Of the queued: those that wait to be tried again'),
    oldestQueuedAt: instant.nullable(),
    failedLastDay: z.int(),
  })
  .meta({ id: 'QueueState', description: 'Pulls that were asked for' })

export const openRequest = z
  .object({
    requestId: idText,
    winery: winerySlug,
    brand: brandCode,
    kind: z.enum(pullKinds),
    state: z.enum(['queued', 'running']),
    attempt: z.int(),
    againAt: instant.nullable(),
    requestedAt: instant,
    startedAt: instant.nullable(),
  })
  .meta({ id: 'OpenRequest', description: 'A pull that was asked for and is not over' })

export const scheduleSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    times: z.array(z.string()).describe('Local times, `HH:MM`'),
    timeZone: z.string(),
    isPreset: z.boolean(),
    enabledAt: instant.nullable().describe('null: no nightly pulls'),
    nextPullAt: instant.nullable(),
  })
  .meta({ id: 'Schedule' })

export const scheduleChange = z.strictObject({
  times: z.array(z.string().max(5)).min(1).max(6).optional(),
  timeZone: z.string().max(64).optional(),
})

export const reasonGiving = z.strictObject({
  reason: z.string().trim().min(1).max(500).describe('Why you have to see guests; it is recorded'),
})
export const guestAccessSchema = z
  .object({ until: instant.nullable().describe('Until when you see guests in full; null: masked') })
  .meta({ id: 'GuestAccess' })
