/** What a pull says of itself: on the terminal, in `--json`, in the API and (flattened) in `reporting.pulls`. */

import { z } from 'zod'
import { campaignEffectSchema } from './campaign.ts'
import { refusalSchema } from './errors.ts'

export const pullKinds = ['preview', 'initial', 'manual', 'nightly'] as const
export type PullKind = (typeof pullKinds)[number]

/** How a pull ended. `rejected` and `superseded` are what can become of a `waiting` one afterwards. */
export const pullStatuses = [
  'applied',
  'waiting',
  'refused',
  'previewed',
  'failed',
  'rejected',
  'superseded',
] as const
export type PullStatus = (typeof pullStatuses)[number]

const count = z.int().nonnegative()

export const pullReportSchema = z.object({
  pullId: z.string(),
  winery: z.string(),
  brand: z.string(),
  kind: z.enum(pullKinds),
  status: z.enum(pullStatuses),
  error: refusalSchema.optional(),
  /** Why it waits for approval (rule 8); only with status `waiting`. */
  waitingFor: z.string().optional(),
  snapshot: z.object({
    takenAt: z.iso.datetime().nullable(),
    files: count,
    filesUnchanged: count,
    bytes: count,
  }),
  /** `inSnapshot = added + changed + unchanged + excluded + stale + exceptions` (rule 5). */
  reservations: z.object({
    inSnapshot: count,
    added: count,
    changed: count,
    unchanged: count,
    excluded: count,
    stale: count,
    exceptions: count,
    missing: count,
  }),
  guests: z.object({ read: count, archived: count, withoutEmail: count, waiting: count, bookersOnly: count }),
  customers: z.object({ created: count, matched: count, unreleased: count, doubtful: count }),
  experiences: z.object({ new: count, unmapped: count }),
  locations: z.object({ new: count, unmapped: count }),
  /** Previews and initial pulls: who would join the audiences of scheduled campaigns. */
  campaigns: z.array(campaignEffectSchema).optional(),
  durationMs: count,
})

export type PullReport = z.infer<typeof pullReportSchema>

/** A report in which nothing has been counted yet. */
export function emptyReport(
  head: Pick<PullReport, 'pullId' | 'winery' | 'brand' | 'kind' | 'status'>,
): PullReport {
  return {
    ...head,
    snapshot: { takenAt: null, files: 0, filesUnchanged: 0, bytes: 0 },
    reservations: {
      inSnapshot: 0,
      added: 0,
      changed: 0,
      unchanged: 0,
      excluded: 0,
      stale: 0,
      exceptions: 0,
      missing: 0,
    },
    guests: { read: 0, archived: 0, withoutEmail: 0, waiting: 0, bookersOnly: 0 },
    customers: { created: 0, matched: 0, unreleased: 0, doubtful: 0 },
    experiences: { new: 0, unmapped: 0 },
    locations: { new: 0, unmapped: 0 },
    durationMs: 0,
  }
}
