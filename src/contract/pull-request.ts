/** A pull that was asked for and runs in a worker: what is told of it while it waits, runs, and when it is over. */

import { z } from 'zod'
import { refusalSchema } from './errors.ts'
import { pullKinds, pullReportSchema } from './pull-report.ts'

/**
 * `queued` also while it waits to be tried again. `done`: there is a report, and its pull was applied, previewed, or
 * waits for approval. `failed`: refused, or a fault. `dropped`: the nightly pulls of the brand were switched off first.
 */
export const pullRequestStates = ['queued', 'running', 'done', 'failed', 'dropped'] as const
export type PullRequestState = (typeof pullRequestStates)[number]

/** A refusal, or `failed` where the program or its database is at fault. */
export const pullRequestErrorSchema = refusalSchema.extend({
  code: z.union([refusalSchema.shape.code, z.literal('failed')]),
})
export type PullRequestError = z.infer<typeof pullRequestErrorSchema>

export const pullRequestSchema = z.object({
  requestId: z.string(),
  winery: z.string(),
  brand: z.string(),
  kind: z.enum(pullKinds),
  state: z.enum(pullRequestStates),
  /** 1 the first time; nightly pulls are tried again within the night. */
  attempt: z.int().positive(),
  requestedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** Of the last attempt that came far enough to be listed. */
  pullId: z.string().nullable(),
  report: pullReportSchema.nullable(),
  /** Why it failed; while `queued`: why the last attempt did. */
  error: pullRequestErrorSchema.nullable(),
})
export type PullRequest = z.infer<typeof pullRequestSchema>

const count = z.int().nonnegative()

/** What a watcher hears: counts, never anybody's data. Once every file is read, matching and writing follow. */
export const pullProgressSchema = z.object({
  requestId: z.string(),
  state: z.enum(pullRequestStates),
  filesDone: count,
  /** 0 until Tock has told. */
  files: count,
  rows: count,
  bytes: count,
})
export type PullProgress = z.infer<typeof pullProgressSchema>
