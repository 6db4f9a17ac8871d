/**
 * Word of running pulls from whichever process runs them to whichever watches: LISTEN/NOTIFY on one connection per
 * process, held while somebody listens.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type pg from 'pg'
import { type PullProgress, pullProgressSchema } from '../contract/pull-request.ts'
import type { Database, Db } from '../database/connect.ts'
import type { Log } from '../log.ts'

export type PullNotices = {
  /** @returns what ends it */
  subscribe(requestId: string, hear: (progress: PullProgress) => void): () => void
  close(): Promise<void>
}

const channel = 'ecellar_pulls'
const againMs = 1_000

export async function tellProgress(db: Db, progress: PullProgress): Promise<void> {
  await sql`select pg_notify(${channel}, ${JSON.stringify(progress)})`.execute(db)
}

/** What is told while the connection is away is lost: whoever watches also looks at the request now and then. */
export function openPullNotices(parts: { database: Database; log: Log }): PullNotices {
  const listeners = new Map<string, Set<(progress: PullProgress) => void>>()
  const closing = new AbortController()
  let client: pg.Client | undefined
  let connecting: Promise<void> | undefined

  const isWanted = () => listeners.size > 0 && !closing.signal.aborted

  function listen(): void {
    if (client || connecting) return
    connecting = connect().finally(() => {
      connecting = undefined
    })
  }

  async function connect(): Promise<void> {
    while (isWanted()) {
      try {
        const session = await parts.database.session()
        session.on('notification', ({ payload }) => hand(payload ?? ''))
        session.once('end', () => {
          client = undefined
          if (isWanted()) listen()
        })
        await session.query(`listen ${channel}`)
        client = session
        if (!isWanted()) await session.end()
        return
      } catch (error) {
        parts.log.warn({ err: error }, 'Progress of pulls cannot be heard')
        await wait(againMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }

  function hand(payload: string): void {
    const progress = pullProgressSchema.safeParse(parsed(payload))
    if (!progress.success) return
    for (const hear of listeners.get(progress.data.requestId) ?? []) hear(progress.data)
  }

  return {
    subscribe(requestId, hear) {
      const hearing = listeners.get(requestId) ?? new Set()
      listeners.set(requestId, hearing.add(hear))
      listen()
      return () => {
        hearing.delete(hear)
        if (hearing.size === 0) listeners.delete(requestId)
        if (listeners.size === 0) client?.end().catch(() => {})
      }
    },
    async close() {
      closing.abort()
      await connecting
      await client?.end()
    },
  }
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}
