/**
 * The queue: pg-boss in the schema "queue" of the same database. Any number of processes open it; what is to be done
 * stands in our own tables, and a job is only the word to look there.
 */

import { PgBoss, type QueuePolicy, type UpdateQueueOptions } from 'pg-boss'
import type { Database } from '../database/connect.ts'
import type { Log } from '../log.ts'
import { openPullNotices, type PullNotices } from './pull-notices.ts'

export type Queue = {
  database: Database
  log: Log
  boss: PgBoss
  notices: PullNotices
  /**
   * Takes no more work, lets what runs finish within the grace, and gives the rest back: another worker does it anew.
   */
  close(graceMs?: number): Promise<void>
}

export const queues = {
  pull: 'pull',
  lostPull: 'lost-pull',
  recording: 'segment-recording',
  export: 'scheduled-export',
  tick: 'tick',
  housekeeping: 'housekeeping',
} as const

export type RecordingJob = { wineryId: string; segmentId: string }
export type ExportJob = { scheduleId: string }

/** A request's turn; `attempt` makes a job that comes late or twice do nothing. */
export type PullJob = { wineryId: string; requestId: string; attempt: number }

// A worker that says nothing for this long is taken for dead; it speaks every `heartbeatRefreshSeconds`.
const heartbeatSeconds = 20
export const heartbeatRefreshSeconds = 5
const lookForDeadSeconds = 10

const defaultGraceMs = 20_000

/** `clockwork`: this process also gives the minute tick. */
export async function openQueue(options: {
  database: Database
  log: Log
  clockwork?: boolean
}): Promise<Queue> {
  const { database, log } = options
  const boss = new PgBoss({
    connectionString: database.url,
    schema: 'queue',
    application_name: 'ecellar-tock queue',
    max: 4,
    schedule: options.clockwork ?? false,
    useListenNotify: true,
    instanceHeartbeatSeconds: lookForDeadSeconds,
    superviseIntervalSeconds: lookForDeadSeconds,
    monitorIntervalSeconds: lookForDeadSeconds,
  })
  // Text and parameters of what failed stay out of the log.
  boss.on('error', (error: Error & { code?: string; queue?: string }) =>
    log.error({ code: error.code, queue: error.queue, at: placesOf(error) }, 'The queue met a fault'),
  )
  boss.on('warning', (warning) => log.warn({ message: warning.message }, 'The queue warns'))
  await boss.start()
  try {
    await makeQueues(boss)
  } catch (error) {
    await boss.stop({ graceful: false })
    throw error
  }
  const notices = openPullNotices({ database, log })
  return {
    database,
    log,
    boss,
    notices,
    async close(graceMs = defaultGraceMs) {
      await boss.stop({ graceful: true, timeout: graceMs })
      await notices.close()
    },
  }
}

/** Made by whoever comes first; later versions of the program may have changed their minds about the figures. */
async function makeQueues(boss: PgBoss): Promise<void> {
  const make = async (name: string, policy: QueuePolicy, options: UpdateQueueOptions) => {
    await boss.createQueue(name, { policy })
    await boss.updateQueue(name, options)
  }
  await make(queues.lostPull, 'standard', { retryLimit: 5, retryDelay: 10, deleteAfterSeconds: 86_400 })
  // One job per `singletonKey`, a brand, runs at a time; `groupConcurrency` would let two slip through.
  await make(queues.pull, 'singleton', {
    notify: true,
    heartbeatSeconds,
    // A pull of a million reservations may take long; whether its worker lives is the heartbeat's to tell.
    expireInSeconds: 4 * 3600,
    // Only for workers that died or were stopped: what a pull itself meets is decided in when-again.ts.
    retryLimit: 3,
    retryDelay: 0,
    deadLetter: queues.lostPull,
    // Without any worker: then housekeeping.ts gives the request up.
    retentionSeconds: 7 * 86_400,
    deleteAfterSeconds: 86_400,
  })
  for (const name of [queues.recording, queues.export]) {
    // One per `singletonKey`, a segment or a schedule, waits or runs. What is left to do stands in our tables, and the
    // next tick asks for it again: also for what a worker that died or was stopped had begun.
    await make(name, 'exclusive', {
      notify: true,
      heartbeatSeconds,
      expireInSeconds: 2 * 3600,
      retryLimit: 0,
      retentionSeconds: 3600,
      deleteAfterSeconds: 3600,
    })
  }
  for (const name of [queues.tick, queues.housekeeping]) {
    // One at a time and one waiting at most: a tick that comes late does the work of those before it.
    await make(name, 'stately', {
      heartbeatSeconds,
      expireInSeconds: 600,
      retryLimit: 0,
      retentionSeconds: 300,
      deleteAfterSeconds: 3600,
    })
  }
}

function placesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4)
    .map((line) => line.trim().replace(/file:\/\/\S*\/(src|node_modules)\//, '$1/'))
}
