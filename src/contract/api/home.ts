/** What the first pages show: of one winery, and for Support of all of them. */

import { z } from 'zod'
import { alertCodes } from '../alert.ts'
import { errorCodes } from '../errors.ts'
import { pullKinds, pullStatuses } from '../pull-report.ts'
import { reservationStatuses } from '../vocabulary.ts'
import { pageQuery } from './paging.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

const waits = z.object({
  count: z.int(),
  oldestAt: instant.nullable().describe('Since when the oldest of them waits'),
})
const calendarDay = z.iso.date()

export const lastPullSchema = z.object({
  pullId: idText,
  kind: z.enum(pullKinds),
  status: z.enum(pullStatuses),
  errorCode: z.enum([...errorCodes, 'failed']).nullable(),
  message: z.string().nullable(),
  nextStep: z.string().nullable(),
  finishedAt: instant,
  snapshotTakenAt: instant.nullable(),
  added: z.int(),
  changed: z.int(),
  missing: z.int(),
  customersCreated: z.int(),
  exceptions: z.int(),
})

const openAlert = z.object({
  brand: brandCode,
  code: z.enum(alertCodes),
  title: z.string(),
  message: z.string(),
  nextStep: z.string(),
  raisedAt: instant,
})

export const homeSchema = z
  .object({
    winery: winerySlug,
    brands: z.array(
      z.object({
        brand: brandCode,
        name: z.string(),
        timeZone: z.string().nullable(),
        enabledAt: instant.nullable(),
        hadInitialPull: z.boolean(),
        lastPull: lastPullSchema.nullable().describe('No preview; null: none yet'),
      }),
    ),
    alerts: z.array(openAlert).describe('What is wrong now'),
    waiting: z
      .object({
        pulls: waits.describe('They wait for approval'),
        experiences: waits.describe('Not mapped to a reservation type'),
        seatingAreas: waits.describe('Not mapped to a location'),
        exceptions: waits,
        unreleased: waits.describe('Customers not released for marketing'),
      })
      .describe('What waits for a person'),
    upcoming: z
      .array(z.object({ day: calendarDay, brand: brandCode, reservations: z.int(), guests: z.int() }))
      .describe("Each brand's next seven days, today first; days of the business"),
  })
  .meta({ id: 'Home' })

export const chartsQuery = z.strictObject({
  weeks: z.coerce.number().int().min(4).max(104).default(26),
  brand: brandCode.optional(),
})

export const chartsSchema = z
  .object({
    weeks: z
      .array(
        z.object({
          week: calendarDay.describe('Its Monday'),
          brand: brandCode,
          reservations: z.int().describe('Without cancelled and transferred ones'),
          guests: z.int().describe('The sum of their party sizes'),
          cancelled: z.int(),
          transferred: z.int(),
          firstTime: z.int().describe('Visits of customers who had not come before, to any brand'),
          returning: z.int().describe('Visits of customers who had'),
        }),
      )
      .describe('Oldest first; a week without anything is left out'),
    experiences: z.array(
      z.object({
        experience: z.string().nullable(),
        status: z.enum(reservationStatuses),
        reservations: z.int(),
      }),
    ),
  })
  .meta({ id: 'Charts' })

/** The first that holds: an alert is open, a pull waits for approval, a brand is not enabled, none of these. */
export const wineryOverallStates = ['attention', 'waiting', 'set-up', 'well'] as const
export const wineryStateSorts = ['name', '-name', 'lastGoodPullAt', '-lastGoodPullAt'] as const

export const wineryStatesQuery = pageQuery.extend({
  q: z.string().max(200).optional().describe('Words of the name or the slug'),
  state: z.enum(wineryOverallStates).optional(),
  sort: z.enum(wineryStateSorts).default('name'),
})

export const wineryStateSchema = z
  .object({
    winery: winerySlug,
    name: z.string(),
    state: z.enum(wineryOverallStates),
    brands: z.int(),
    enabledBrands: z.int(),
    lastGoodPullAt: instant.nullable(),
    alerts: z.array(openAlert),
    waitingPulls: z.int(),
    exceptions: z.int(),
    unmapped: z.int().describe('Experiences and seating areas'),
    unreleased: z.int(),
  })
  .meta({ id: 'WineryState' })
