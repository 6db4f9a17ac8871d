import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { actor } from '../actor.ts'
import { openBrowser, useAccess } from './access-for-tests.ts'

const world = useAccess()

describe('users', () => {
  it('are listed per winery, for the installation, and all together', async () => {
    const one = await world.addWinery('list-one')
    const two = await world.addWinery('list-two')
    const anna = await world.person({ role: 'winery admin', wineryId: one.wineryId, name: 'Anna' })
    const ben = await world.person({ role: 'viewer', wineryId: two.wineryId, name: 'Ben' })
    const sue = await world.person({ role: 'support', name: 'Sue' })
    const ids = async (of: { wineryId?: string | null }) =>
      (await world.access.users.list(of)).map(({ userId }) => userId)
    expect(await ids({ wineryId: one.wineryId })).toEqual([anna.userId])
    expect(await ids({ wineryId: two.wineryId })).toEqual([ben.userId])
    expect(await ids({ wineryId: null })).toEqual([sue.userId])
    expect(await ids({})).toEqual([sue.userId, anna.userId, ben.userId])
  })

  it('may do what their new role says at their very next request; it is recorded with before and after', async () => {
    const { wineryId, brandIds } = await world.addWinery('changes', ['CA', 'CB'])
    const person = await world.person({ role: 'viewer', wineryId, brandIds, name: 'Vic' })
    const change = (to: object) =>
      world.access.users.change({ actor, wineryId, userId: person.userId, ...to })
    expect(await change({ role: 'marketer' })).toMatchObject({ role: 'marketer', brandIds })
    // Once more changes nothing and is not recorded.
    await change({ role: 'marketer', brandIds })
    expect(await person.principal()).toMatchObject({ role: 'marketer', brandIds })
    expect(await change({ brandIds: brandIds.slice(1) })).toMatchObject({ brandIds: brandIds.slice(1) })
    // An admin's decisions are the whole winery's: the limit goes.
    expect(await change({ role: 'winery admin' })).toMatchObject({ role: 'winery admin', brandIds: null })
    await expect(change({ brandIds })).rejects.toMatchObject({ code: 'invalid' })
    await expect(change({ role: 'support' })).rejects.toMatchObject({ code: 'invalid' })
    expect((await world.audit('users.change'))[2]).toMatchObject({
      winery_id: wineryId,
      subject: 'Vic',
      details: { before: { role: 'viewer', brandIds }, after: { role: 'marketer', brandIds } },
    })
  })

  it('who are removed are out at once, with their sessions and keys, and can be invited again', async () => {
    const { wineryId } = await world.addWinery('removes')
    const person = await world.person({ role: 'analyst', wineryId, name: 'Ari' })
    const { key } = await world.access.apiKeys.make({
      principal: await person.principal(),
      name: 'warehouse',
      scopes: ['reservations.read'],
      expiresAt: null,
    })
    const withKey = new Headers({ authorization: `Bearer ${key}` })
    expect(await world.access.principalOf(withKey)).not.toBeNull()
    expect(await world.access.users.remove({ actor, wineryId, userId: person.userId })).toEqual({
      revokedKeys: 1,
    })
    expect(await person.browser.principal()).toBeNull()
    expect(await world.access.principalOf(withKey)).toBeNull()
    expect((await openBrowser(world.access).signIn(person.email)).status).toBe(401)
    expect((await world.audit('users.remove'))[0]).toMatchObject({
      subject: 'Ari',
      details: { userId: person.userId, role: 'analyst', revokedKeys: 1 },
    })
    const { email } = person
    await world.access.invitations.invite({ actor, wineryId, email, role: 'viewer', brandIds: null })
  })

  it('of another winery cannot be touched', async () => {
    const { wineryId } = await world.addWinery('own-users')
    const other = await world.addWinery('other-users')
    const person = await world.person({ role: 'viewer', wineryId: other.wineryId })
    const of = { actor, wineryId, userId: person.userId }
    const { users } = world.access
    for (const work of [users.remove, users.resetTwoFactor, users.signOutEverywhere, users.change]) {
      await expect(work(of)).rejects.toMatchObject({ code: 'not_found' })
      await expect(work({ ...of, wineryId: null })).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(await person.browser.principal()).not.toBeNull()
  })

  it('keep one winery admin, also when two remove each other at the same time', async () => {
    const { wineryId } = await world.addWinery('last-admin')
    const one = await world.person({ role: 'winery admin', wineryId })
    const two = await world.person({ role: 'winery admin', wineryId })
    const outcomes = await Promise.allSettled(
      [one, two].map(({ userId }) => world.access.users.remove({ actor, wineryId, userId })),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [left] = await world.access.users.list({ wineryId })
    const of = { actor, wineryId, userId: left?.userId ?? '' }
    await expect(world.access.users.remove(of)).rejects.toThrow('last winery admin')
    await expect(world.access.users.change({ ...of, role: 'viewer' })).rejects.toThrow('last winery admin')
  })

  it('keep one Support user', async () => {
    const support = (await world.access.users.list({ wineryId: null })).filter(
      ({ role }) => role === 'support',
    )
    expect(support).toHaveLength(1)
    const of = { actor, wineryId: null, userId: support[0]?.userId ?? '' }
    await expect(world.access.users.remove(of)).rejects.toThrow('last Support user')
    await expect(world.access.users.change({ ...of, role: 'operator' })).rejects.toThrow('last Support user')
  })

  it('can be signed out everywhere', async () => {
    const person = await world.person({ role: 'operator' })
    const other = openBrowser(world.access)
    await other.signIn(person.email)
    await world.access.users.signOutEverywhere({ actor, wineryId: null, userId: person.userId })
    expect(await person.browser.principal()).toBeNull()
    expect(await other.principal()).toBeNull()
    expect((await world.audit('users.sign-out'))[0]).toMatchObject({ actor_id: actor.id })
  })

  it('go with their winery', async () => {
    const { wineryId } = await world.addWinery('leaves')
    const person = await world.person({ role: 'winery admin', wineryId })
    const { email } = person
    await world.access.invitations.invite({
      actor,
      wineryId,
      email: 'late@example.com',
      role: 'viewer',
      brandIds: null,
    })
    // As the tenant, who has no way into the schema of sign-in.
    const { db } = world.database
    await sql`delete from ecellar.wineries where winery_id = ${wineryId}`.execute(db)
    expect(await person.browser.principal()).toBeNull()
    const { rows } = await sql`select from access.users where email = ${email}`.execute(db)
    expect(rows).toEqual([])
    const invited = await sql`select from access.invitations where winery_id = ${wineryId}`.execute(db)
    expect(invited.rows).toEqual([])
  })
})
