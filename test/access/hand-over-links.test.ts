import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  findHandOverLink,
  listHandOverLinks,
  makeHandOverLink,
  revokeHandOverLink,
  spendHandOverLink,
} from '../../src/access/hand-over-links.ts'
import { listTockKeys, readTockKey, revokeTockKey, storeTockKey } from '../../src/access/tock-keys.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { actor } from '../actor.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { useAccess } from './access-for-tests.ts'

const world = useAccess()
const now = new Date('2026-11-23T12:00:00Z')
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
let wineryId: string
let brandIds: string[]
let neighbour: { wineryId: string; brandIds: string[] }

beforeAll(async () => {
  ;({ wineryId, brandIds } = await world.addWinery('hands-over', ['HA', 'HB', 'HC']))
  neighbour = await world.addWinery('neighbour', ['NA'])
})

const make = (of: { brandIds?: string[]; now?: Date } = {}) =>
  makeHandOverLink(world.database.db, { wineryId, brandIds, actor, now, ...of })
const find = (token: string, at = now) => findHandOverLink(world.database.db, token, at)
const spend = (token: string, at = now, winery = wineryId) =>
  inWinery(world.database.db, winery, (trx) => spendHandOverLink(trx, token, at))

describe('a hand-over link', () => {
  it('can be opened as often as mail scanners like, and is spent when it is submitted', async () => {
    const { token, expiresAt } = await make()
    expect(expiresAt).toEqual(later(72))
    for (let count = 0; count < 3; count += 1) {
      expect(await find(token)).toMatchObject({ wineryId, brandIds, state: 'open', madeBy: actor.name })
    }
    expect(await spend(token, later(1))).toMatchObject({ state: 'spent', spentAt: later(1) })
    await expect(spend(token)).rejects.toThrow('used already')
    await expect(find(token)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is spent once when two submit at the same moment', async () => {
    const { token } = await make()
    const outcomes = await Promise.allSettled([spend(token), spend(token), spend(token)])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('stays open when what was submitted could not be stored', async () => {
    const { token } = await make()
    const failing = inWinery(world.database.db, wineryId, async (trx) => {
      await spendHandOverLink(trx, token, now)
      throw new Error('The rest failed')
    })
    await expect(failing).rejects.toThrow('The rest failed')
    expect(await find(token)).toMatchObject({ state: 'open' })
  })

  it('is good for 72 hours', async () => {
    const { token } = await make()
    expect(await find(token, later(71.9))).toMatchObject({ state: 'open' })
    await expect(find(token, later(72))).rejects.toThrow('expired')
    await expect(spend(token, later(72))).rejects.toThrow('expired')
  })

  it('is replaced by a newer one for one of its brands, not by one for others', async () => {
    const first = await make({ brandIds: brandIds.slice(0, 2) })
    const other = await make({ brandIds: brandIds.slice(2) })
    expect(await find(first.token)).toMatchObject({ state: 'open' })
    const second = await make({ brandIds: brandIds.slice(1, 2) })
    await expect(find(first.token)).rejects.toThrow('replaced')
    for (const { token } of [other, second]) expect(await find(token)).toMatchObject({ state: 'open' })
  })

  it('can be revoked, by its own winery’s people', async () => {
    const { token, linkId } = await make()
    const revoke = (winery: string) =>
      revokeHandOverLink(world.database.db, { wineryId: winery, linkId, actor, now })
    await expect(revoke(neighbour.wineryId)).rejects.toMatchObject({ code: 'not_found' })
    await revoke(wineryId)
    await expect(spend(token)).rejects.toThrow('withdrawn')
    await expect(revoke(wineryId)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is for brands of its winery', async () => {
    await expect(make({ brandIds: neighbour.brandIds })).rejects.toMatchObject({ code: 'invalid' })
    await expect(make({ brandIds: [] })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('cannot be spent in another winery', async () => {
    const { token } = await make()
    await expect(spend(token, now, neighbour.wineryId)).rejects.toMatchObject({ code: 'not_found' })
    expect(await find(token)).toMatchObject({ state: 'open' })
  })

  it('that nobody made is not known', async () => {
    await expect(find('nonsense')).rejects.toThrow('not known')
  })

  it('is listed with its state, recorded, and its token is stored nowhere', async () => {
    const { db } = world.database
    const { token, linkId } = await make()
    await spend(token)
    const links = await listHandOverLinks(db, { wineryId, now })
    expect(links[0]).toMatchObject({ linkId, state: 'spent' })
    expect(await listHandOverLinks(db, { wineryId: neighbour.wineryId, now })).toEqual([])
    const [asked] = await world.audit('key.ask')
    expect(asked).toMatchObject({ winery_id: wineryId, actor_id: actor.id, subject: `link ${linkId}` })
    expect((await world.audit('key.hand-over'))[0]).toMatchObject({
      actor_kind: 'program',
      actor_name: `holder of the link that ${actor.name} made`,
    })
    const { rows } = await sql`select * from ecellar.hand_over_links`.execute(db)
    expect(JSON.stringify([rows, links, await world.audit()])).not.toContain(token)
  })
})

describe('a Tock key', () => {
  const store = (brandId: string, key: string) =>
    storeTockKey(world.database.db, openSecrets, { wineryId, brandId, key, actor })
  const read = (brandId: string) => readTockKey(world.database.db, openSecrets, { wineryId, brandId })

  it('is stored together with the hand-over, or not at all', async () => {
    const { token } = await make()
    const [brandId = ''] = brandIds
    const handOver = (fails: boolean) =>
      inWinery(world.database.db, wineryId, async (trx) => {
        const link = await spendHandOverLink(trx, token, now)
        await storeTockKey(trx, openSecrets, { wineryId, brandId, key: 'handed-over', actor })
        if (fails) throw new Error('The rest failed')
        return link
      })
    await expect(handOver(true)).rejects.toThrow('The rest failed')
    expect(await read(brandId)).toBeNull()
    await handOver(false)
    expect(await read(brandId)).toBe('handed-over')
  })

  it('can be replaced and revoked; both are recorded without it', async () => {
    const [, brandId = ''] = brandIds
    await store('0', 'for-all')
    await store(brandId, 'first-key')
    await store(brandId, ' second-key\n')
    expect(await read(brandId)).toBe('second-key')
    const listed = await listTockKeys(world.database.db, wineryId)
    expect(listed.map((one) => one.brandId)).toEqual(expect.arrayContaining(['0', brandId]))
    expect(JSON.stringify(listed)).not.toContain('key"')
    const revoke = (brand: string) => revokeTockKey(world.database.db, { wineryId, brandId: brand, actor })
    await revoke(brandId)
    expect(await read(brandId)).toBe('for-all')
    await expect(revoke(brandId)).rejects.toMatchObject({ code: 'not_found' })
    await revoke('0')
    expect(await read(brandId)).toBeNull()
    const { rows } = await sql`select from ecellar.brands where brand_id = ${brandId}`.execute(
      world.database.db,
    )
    expect(rows).toHaveLength(1)
    expect(await world.audit('key.revoke')).toMatchObject([
      { winery_id: wineryId, subject: 'all brands' },
      { winery_id: wineryId, subject: 'HB' },
    ])
    expect(JSON.stringify(await world.audit())).not.toContain('second-key')
  })

  it('that could be no header is refused', async () => {
    for (const key of ['', '  ', 'two words', 'two\nlines', 'clé']) {
      await expect(store('0', key)).rejects.toMatchObject({ code: 'invalid' })
    }
  })
})
