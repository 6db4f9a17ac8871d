import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { may } from '../../src/access/may.ts'
import type { Action, Principal } from '../../src/contract/access.ts'
import { peopleOnly } from '../../src/contract/access.ts'
import { actor } from '../actor.ts'
import { type Person, useAccess } from './access-for-tests.ts'

const world = useAccess()
const asked = (key: string) => world.access.principalOf(new Headers({ authorization: `Bearer ${key}` }))
const make = async (
  person: Person,
  of: { scopes: Action[]; expiresAt?: Date | null; name?: string; principal?: Principal },
) =>
  world.access.apiKeys.make({
    principal: await person.principal(),
    name: 'warehouse',
    expiresAt: null,
    ...of,
  })

describe('an API key', () => {
  it('acts for its maker, within its scopes', async () => {
    const { wineryId, brandIds } = await world.addWinery('keys', ['KA', 'KB'])
    const limit = brandIds.slice(0, 1)
    const analyst = await world.person({ role: 'analyst', wineryId, brandIds: limit, name: 'Ada' })
    const { key, apiKeyId } = await make(analyst, { scopes: ['reservations.read'] })
    expect(key).toMatch(/^etk_\w{40,}$/)
    const principal = await asked(key)
    expect(principal).toEqual({
      kind: 'api-key',
      id: apiKeyId,
      name: 'warehouse (key of Ada)',
      role: 'analyst',
      wineryId,
      brandIds: limit,
      scopes: ['reservations.read'],
      guestsOf: [],
    })
    if (!principal) return
    expect(may(principal, 'reservations.read', { wineryId })).toBe(true)
    expect(may(principal, 'customers.read', { wineryId })).toBe(false)
    expect(may(principal, 'reservations.read', { wineryId: '999' })).toBe(false)
    expect(may(principal, 'reservations.read', { wineryId, brandId: brandIds[1] ?? '' })).toBe(false)
  })

  it('is listed without itself, with maker, scopes, last use and expiry', async () => {
    const { wineryId } = await world.addWinery('key-list')
    const ada = await world.person({ role: 'analyst', wineryId, name: 'Ada' })
    const max = await world.person({ role: 'winery admin', wineryId, name: 'Max' })
    const expiresAt = new Date(world.clock.now.getTime() + 30 * 86_400_000)
    const { key } = await make(ada, { scopes: ['pulls.read', 'reservations.read'], expiresAt })
    await make(max, { scopes: ['settings.write'], name: 'till' })
    const before = await world.access.apiKeys.list({ wineryId })
    expect(before.map(({ name }) => name).sort()).toEqual(['till', 'warehouse'])
    await asked(key)
    const [listed, ...others] = await world.access.apiKeys.list({ wineryId, madeBy: ada.userId })
    expect(others).toEqual([])
    expect(listed).toMatchObject({
      name: 'warehouse',
      start: key.slice(0, 10),
      scopes: ['pulls.read', 'reservations.read'],
      madeBy: { userId: ada.userId, name: 'Ada' },
    })
    expect(before.find(({ name }) => name === 'warehouse')?.lastUsedAt).toBeNull()
    expect(listed?.lastUsedAt).toBeInstanceOf(Date)
    expect(Math.abs((listed?.expiresAt?.getTime() ?? 0) - expiresAt.getTime())).toBeLessThan(60_000)
    const { rows } = await sql`select * from access.api_keys`.execute(world.database.db)
    expect(JSON.stringify([rows, listed, await world.audit()])).not.toContain(key.slice(0, 20))
  })

  it('is given nothing that its maker may not do, and nothing that a person has to decide', async () => {
    const { wineryId } = await world.addWinery('key-scopes')
    const admin = await world.person({ role: 'winery admin', wineryId })
    const analyst = await world.person({ role: 'analyst', wineryId })
    for (const scope of peopleOnly) {
      await expect(make(admin, { scopes: [scope] })).rejects.toMatchObject({ code: 'invalid' })
    }
    await expect(make(analyst, { scopes: ['settings.write'] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(make(analyst, { scopes: ['pulls.read', 'brands.enable'] })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(make(analyst, { scopes: [] })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('belongs to a winery and is made by a person', async () => {
    const { wineryId } = await world.addWinery('key-makers')
    const support = await world.person({ role: 'support' })
    await expect(make(support, { scopes: ['pulls.read'] })).rejects.toMatchObject({ code: 'invalid' })
    const admin = await world.person({ role: 'winery admin', wineryId })
    const { key } = await make(admin, { scopes: ['pulls.read'] })
    const principal = await asked(key)
    if (!principal) throw new Error('The key is not known')
    await expect(make(admin, { scopes: ['pulls.read'], principal })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('may do less when its maker may do less', async () => {
    const { wineryId } = await world.addWinery('key-demoted')
    await world.person({ role: 'winery admin', wineryId })
    const admin = await world.person({ role: 'winery admin', wineryId })
    const { key } = await make(admin, { scopes: ['settings.write', 'settings.read'] })
    await world.access.users.change({ actor, wineryId, userId: admin.userId, role: 'viewer' })
    const principal = await asked(key)
    if (!principal) throw new Error('The key is not known')
    expect(may(principal, 'settings.write', { wineryId })).toBe(false)
    expect(may(principal, 'settings.read', { wineryId })).toBe(true)
  })

  it('that is revoked opens nothing at once; another winery cannot revoke it; it is recorded', async () => {
    const { wineryId } = await world.addWinery('key-revoked')
    const other = await world.addWinery('key-neighbour')
    const admin = await world.person({ role: 'winery admin', wineryId, name: 'Max' })
    const { key, apiKeyId } = await make(admin, { scopes: ['pulls.read'] })
    const revoke = (of: { wineryId: string; madeBy?: string }) =>
      world.access.apiKeys.revoke({ actor, apiKeyId, ...of })
    await expect(revoke(other)).rejects.toMatchObject({ code: 'not_found' })
    await expect(revoke({ wineryId, madeBy: 'somebody else' })).rejects.toMatchObject({ code: 'not_found' })
    expect(await asked(key)).not.toBeNull()
    await revoke({ wineryId })
    expect(await asked(key)).toBeNull()
    expect((await world.audit('api-keys.make'))[0]).toMatchObject({ actor_name: 'Max', subject: 'warehouse' })
    expect((await world.audit('api-keys.revoke'))[0]).toMatchObject({
      winery_id: wineryId,
      details: { start: key.slice(0, 10), madeBy: 'Max' },
    })
  })

  it('that has expired opens nothing', async () => {
    const { wineryId } = await world.addWinery('key-expired')
    const admin = await world.person({ role: 'winery admin', wineryId })
    const { key, apiKeyId } = await make(admin, { scopes: ['pulls.read'] })
    await sql`update access.api_keys set expires_at = now() - interval '1 second' where id = ${apiKeyId}`.execute(
      world.database.db,
    )
    expect(await asked(key)).toBeNull()
    for (const expiresAt of [world.clock.now, new Date(world.clock.now.getTime() + 400 * 86_400_000)]) {
      await expect(make(admin, { scopes: ['pulls.read'], expiresAt })).rejects.toMatchObject({
        code: 'invalid',
      })
    }
  })

  it('that nobody made is nobody, and a cookie beside it does not help', async () => {
    const person = await world.person({ role: 'operator' })
    const headers = person.browser.headers()
    headers.set('authorization', `Bearer etk_${'x'.repeat(64)}`)
    expect(await world.access.principalOf(headers)).toBeNull()
    headers.set('authorization', 'Basic abc')
    expect(await world.access.principalOf(headers)).toBeNull()
  })

  it('is asked a hundred times without being slowed down', async () => {
    const { wineryId } = await world.addWinery('key-busy')
    const admin = await world.person({ role: 'winery admin', wineryId })
    const { key } = await make(admin, { scopes: ['pulls.read'] })
    for (let count = 0; count < 100; count += 1) expect(await asked(key)).not.toBeNull()
  })
})
