import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { makeAuth } from '../../src/access/make-auth.ts'
import { readConfig } from '../../src/config.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { openLog } from '../../src/log.ts'
import { useAccess } from './access-for-tests.ts'

const world = useAccess()

describe('the tables of sign-in', () => {
  it('are what better-auth expects, made by our migration alone', async () => {
    // It compares the tables with what it writes when it is first asked, and then refuses to work.
    const ask = async () => {
      const auth = makeAuth({
        db: world.database.db,
        secret: 'x'.repeat(44),
        config: readConfig({}, '/nowhere'),
        log: openLog({ level: 'silent' }),
        sendReset: async () => {},
        wasReset: async () => {},
      })
      return auth.api.getSession({ headers: new Headers() })
    }
    expect(await ask()).toBeNull()
    const { db } = world.database
    for (const [table, column] of [
      ['sessions', 'user_agent'],
      ['api_keys', 'last_request'],
      ['two_factors', 'locked_until'],
      ['rate_limits', 'count'],
    ] as const) {
      const rename = (from: string, to: string) =>
        sql`alter table access.${sql.id(table)} rename column ${sql.id(from)} to ${sql.id(to)}`.execute(db)
      await rename(column, 'another')
      await expect(ask()).rejects.toThrow(column)
      await rename('another', column)
    }
    expect(await ask()).toBeNull()
  })

  it('cannot be reached by what works inside a winery', async () => {
    const { wineryId } = await world.addWinery('no-way-in')
    for (const table of ['users', 'sessions', 'accounts', 'api_keys', 'memberships', 'invitations']) {
      await expect(
        inWinery(world.database.db, wineryId, (trx) => sql`select from access.${sql.id(table)}`.execute(trx)),
      ).rejects.toThrow('permission denied for schema access')
    }
  })

  it('lose their users with the winery, also when the tenant deletes it', async () => {
    const { db } = world.database
    const { wineryId } = await world.addWinery('deleted-inside')
    await world.person({ role: 'winery admin', wineryId })
    await inWinery(db, wineryId, (trx) =>
      sql`delete from ecellar.wineries where winery_id = ${wineryId}`.execute(trx),
    )
    expect(await world.access.users.list({ wineryId })).toEqual([])
    const { rows } = await sql`select from access.users`.execute(db)
    expect(rows).toEqual([])
  })
})
