/**
 * A number that stands for this process as long as it lives: the advisory lock of that number, on a connection of its
 * own, which the server lets go when the process is gone.
 */

import { randomInt } from 'node:crypto'
import type pg from 'pg'
import type { Database } from '../database/connect.ts'

/** First half of the advisory locks of processes; those of wineries and brands stand in `tenant-session.ts`. */
export const processLockSpace = 7_003

export type ProcessMark = {
  number(): Promise<number>
  close(): Promise<void>
}

/** Connects when it is first asked, and anew, with another number, when the connection was lost. */
export function openProcessMark(database: Pick<Database, 'session'>): ProcessMark {
  let mark: Promise<{ client: pg.Client; number: number }> | undefined
  const make = async () => {
    const client = await database.session()
    client.once('end', () => {
      mark = undefined
    })
    for (;;) {
      const number = randomInt(1, 2 ** 31)
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [
        processLockSpace,
        number,
      ])
      if (rows[0]?.got) return { client, number }
    }
  }
  return {
    async number() {
      mark ??= make()
      const asked = mark
      return (
        await asked.catch((error: unknown) => {
          if (mark === asked) mark = undefined
          throw error
        })
      ).number
    },
    async close() {
      const open = await mark?.catch(() => undefined)
      await open?.client.end()
    },
  }
}
