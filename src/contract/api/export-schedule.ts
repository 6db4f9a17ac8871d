/** Exports of a segment to a file, again and again. */

import { z } from 'zod'
import { exportColumns, exportFormats, usualColumns } from '../segment-export.ts'
import { idText, instant, winerySlug } from './parts.ts'

export const exportScheduleParams = z.object({ winery: winerySlug, schedule: idText })

const atTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe("Time of day on the winery's clock, `06:30`")
const weekday = z.int().min(1).max(7).nullable().describe('1 is Monday; null: every day')
const columns = z.array(z.enum(exportColumns)).min(1)

export const exportScheduleToAdd = z.strictObject({
  segment: z.string().trim().min(1).max(100).describe('Its name'),
  format: z.enum(exportFormats).default('csv'),
  columns: columns.default(usualColumns),
  weekday: weekday.default(null),
  atTime,
})

export const exportScheduleChange = z.strictObject({
  format: z.enum(exportFormats).optional(),
  columns: columns.optional(),
  weekday: weekday.optional(),
  atTime: atTime.optional(),
  isOn: z.boolean().optional().describe('false stops it, true starts it again'),
})

export const exportScheduleSchema = z
  .object({
    scheduleId: idText,
    segmentId: idText,
    segment: z.string(),
    format: z.enum(exportFormats),
    columns: z.array(z.enum(exportColumns)),
    weekday,
    atTime,
    madeBy: z.string(),
    madeAt: instant,
    pausedAt: instant.nullable().describe('A person stopped it; null: it is on'),
    pausedBy: z.string().nullable(),
    doneOn: z.iso.date().nullable().describe('The day for which it was made last; null: never'),
    doneAt: instant.nullable(),
    fileName: z.string().nullable().describe('What lies in the folder of exports now'),
    rows: z.int().nullable(),
    waiting: z.int().nullable().describe('Entries that stayed out of it: nobody has confirmed them'),
    stoppedAt: instant.nullable().describe('The program could not make it; it tries again'),
    stoppedBecause: z.string().nullable(),
  })
  .meta({ id: 'ExportSchedule' })

export const exportSchedulesSchema = z.object({ items: z.array(exportScheduleSchema) })
