import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { recordAudit } from '../../src/access/audit.ts'
import { exportAudit } from '../../src/access/export-audit.ts'
import { type AuditQuery, searchAudit } from '../../src/access/search-audit.ts'
import type { Actor } from '../../src/contract/access.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { useAccess } from './access-for-tests.ts'

const world = useAccess()
const mara: Actor = { kind: 'user', id: 'user-mara', name: 'Mara Example' }
const till: Actor = { kind: 'api-key', id: 'key-1', name: 'till 100%' }
let wineryId: string
let otherId: string

beforeAll(async () => {
  ;({ wineryId } = await world.addWinery('audited'))
  ;({ wineryId: otherId } = await world.addWinery('other-audited'))
  const { db } = world.database
  for (let count = 0; count < 5; count += 1) {
    await recordAudit(db, { wineryId, actor: mara, action: 'mapping.write', subject: `JH/${count}` })
  }
  await recordAudit(db, { wineryId, actor: till, action: 'pulls.start', subject: 'JH 50%' })
  await recordAudit(db, { wineryId: otherId, actor: mara, action: 'mapping.write', subject: 'OH/1' })
  await recordAudit(db, {
    wineryId: null,
    actor: mara,
    action: 'wineries.add',
    subject: '=cmd()',
    details: { name: 'Audited' },
  })
})

const search = async (query: AuditQuery, limit = 100) =>
  (await searchAudit(world.database.db, query, { limit })).records
const subjects = async (query: AuditQuery) => (await search(query)).map(({ subject }) => subject)

describe('the audit', () => {
  it('is read newest first, a winery’s alone, the installation’s alone, or all', async () => {
    const own = await search({ wineryId })
    expect(own.map(({ subject }) => subject)).toEqual(['JH 50%', 'JH/4', 'JH/3', 'JH/2', 'JH/1', 'JH/0'])
    expect(own[0]).toMatchObject({ winery: 'audited', actor: till, action: 'pulls.start', details: {} })
    expect(await subjects({ wineryId: null })).toEqual(['=cmd()'])
    expect(await search({})).toHaveLength(8)
  })

  it('is searched by actor, action, subject and time', async () => {
    expect(await subjects({ actor: 'mara ex', wineryId: otherId })).toEqual(['OH/1'])
    expect(await subjects({ actor: 'key-1' })).toEqual(['JH 50%'])
    expect(await subjects({ actor: '100%' })).toEqual(['JH 50%'])
    expect(await subjects({ action: 'wineries.add' })).toEqual(['=cmd()'])
    expect(await subjects({ action: 'pulls.' })).toEqual(['JH 50%'])
    expect(await subjects({ action: 'pulls' })).toEqual([])
    expect(await subjects({ subject: 'jh/', wineryId })).toHaveLength(5)
    // A sign of patterns is a letter like others.
    expect(await subjects({ subject: '%', wineryId })).toEqual(['JH 50%'])
    expect(await subjects({ subject: '_' })).toEqual([])
    const past = new Date(Date.now() - 60_000)
    const future = new Date(Date.now() + 60_000)
    expect(await subjects({ from: future })).toEqual([])
    expect(await subjects({ before: past })).toEqual([])
    expect(await subjects({ from: past, before: future })).toHaveLength(8)
  })

  it('is paged without a gap, also when more is recorded meanwhile', async () => {
    const { db } = world.database
    const seen: (string | null)[] = []
    let cursor: string | undefined
    do {
      const page = await searchAudit(db, { action: 'mapping.write', wineryId }, { limit: 2, cursor })
      seen.push(...page.records.map(({ subject }) => subject))
      cursor = page.next ?? undefined
      if (cursor !== undefined) {
        await recordAudit(db, { wineryId, actor: mara, action: 'mapping.write', subject: 'meanwhile' })
      }
    } while (cursor !== undefined)
    expect(seen).toEqual(['JH/4', 'JH/3', 'JH/2', 'JH/1', 'JH/0'])
    await expect(searchAudit(db, {}, { limit: 2, cursor: "1' or true" })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('is exported as CSV that no spreadsheet takes for formulas', async () => {
    const csv = await text(exportAudit(world.database.db, {}))
    const rows: Record<string, string>[] = parse(csv, { columns: true })
    expect(rows).toHaveLength((await search({}, 1000)).length)
    const added = rows.find(({ action }) => action === 'wineries.add')
    expect(added).toMatchObject({
      winery: '',
      actor_kind: 'user',
      actor: 'Mara Example',
      subject: "'=cmd()",
      details: '{"name":"Audited"}',
    })
    expect(added?.at).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('is exported whole when it is longer than a page', async () => {
    const { db } = world.database
    await sql`
      insert into ecellar.audit (winery_id, actor_kind, actor_id, actor_name, action)
      select ${otherId}, 'program', 'p', 'p', 'many'
      from generate_series(1, 2500)`.execute(db)
    const rows = parse(await text(exportAudit(db, { action: 'many' })))
    expect(rows).toHaveLength(2501)
  })

  it('can be changed by nobody, and read by no other winery', async () => {
    const { db } = world.database
    await expect(sql`update ecellar.audit set action = 'x'`.execute(db)).rejects.toThrow('append-only')
    await inWinery(db, otherId, async (trx) => {
      const { rows } = await sql`select from ecellar.audit where winery_id = ${wineryId}`.execute(trx)
      expect(rows).toEqual([])
    })
    await expect(inWinery(db, otherId, (trx) => sql`delete from ecellar.audit`.execute(trx))).rejects.toThrow(
      'permission denied',
    )
  })
})
