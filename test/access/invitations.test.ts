import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { actor } from '../actor.ts'
import { openBrowser, password, site, tokenIn, useAccess } from './access-for-tests.ts'

const world = useAccess()
const days = (count: number) => new Date(world.clock.now.getTime() + count * 86_400_000)
const invite = (of: Partial<Parameters<typeof world.access.invitations.invite>[0]>) =>
  world.access.invitations.invite({
    actor,
    wineryId: null,
    email: 'olga@example.com',
    role: 'operator',
    brandIds: null,
    ...of,
  })
const nobody = { name: 'Nobody', password }

describe('the link for the first Support user', () => {
  it('makes one Support user, once; afterwards there is none', async () => {
    const { access } = world
    const [link, another] = [await access.firstSupportLink(), await access.firstSupportLink()]
    expect(link).toMatch(new RegExp(`^${site}/join#[\\w-]{43}$`))
    const token = new URL(link ?? '').hash.slice(1)
    expect(await access.invitations.find(token)).toMatchObject({ email: null, role: 'support' })
    // Looking at it, as mail scanners and curious people do, spends nothing.
    await access.invitations.find(token)
    const join = (secret: string, email: string) =>
      access.invitations.join(secret, { name: 'Sam Support', email, password })
    await expect(join(token, 'no address')).rejects.toMatchObject({ code: 'invalid' })
    const { userId } = await join(token, 'Sam@Example.com')
    const browser = openBrowser(access)
    await browser.signIn('sam@example.com')
    expect(await browser.principal()).toMatchObject({ id: userId, role: 'support', wineryId: null })
    for (const secret of [token, new URL(another ?? '').hash.slice(1)]) {
      await expect(join(secret, 'mallory@example.com')).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(await access.firstSupportLink()).toBeNull()
    expect((await world.audit('first-support-link'))[0]).toMatchObject({ actor_id: 'first start' })
    expect((await world.audit('users.join'))[0]).toMatchObject({ actor_name: 'Sam Support' })
  })

  it('that two use at the same time makes one Support user', async () => {
    const { db } = world.database
    await sql`delete from access.users`.execute(db)
    const { access } = world
    const tokens = [await access.firstSupportLink(), await access.firstSupportLink()].map((link) =>
      new URL(link ?? '').hash.slice(1),
    )
    const outcomes = await Promise.allSettled(
      tokens.map((token, at) =>
        access.invitations.join(token, { name: 'Sam', email: `sam-${at}@example.com`, password }),
      ),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await access.users.list({ wineryId: null })).toHaveLength(1)
  })

  it('expires after a day', async () => {
    const { db } = world.database
    await sql`delete from access.users`.execute(db)
    const token = new URL((await world.access.firstSupportLink()) ?? '').hash.slice(1)
    world.clock.now = days(1)
    await expect(world.access.invitations.find(token)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('leaves only a hash of its token', async () => {
    const token = new URL((await world.access.firstSupportLink()) ?? '').hash.slice(1)
    const { rows } = await sql`select * from access.invitations`.execute(world.database.db)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(await world.audit())).not.toContain(token)
  })
})

describe('an invitation', () => {
  it('goes by mail and makes a user of its address, with its role, winery and brands', async () => {
    const { wineryId, brandIds } = await world.addWinery('invites', ['IA', 'IB'])
    const limit = brandIds.slice(1)
    const made = await invite({ wineryId, email: ' Vera@Example.com', role: 'viewer', brandIds: limit })
    expect(world.mails.at(-1)).toMatchObject({
      to: 'vera@example.com',
      wineryId,
      template: 'invitation',
      data: { role: 'viewer', wineryName: 'invites', invitedBy: actor.name },
    })
    expect(await world.access.invitations.list({ wineryId })).toMatchObject([
      { invitationId: made.invitationId },
    ])
    const token = tokenIn(world.mails.at(-1))
    // The address is the invitation's, whatever the page sends.
    await world.access.invitations.join(token, { name: 'Vera', email: 'mallory@example.com', password })
    expect(await world.access.users.list({ wineryId })).toMatchObject([
      { name: 'Vera', email: 'vera@example.com', role: 'viewer', wineryId, brandIds: limit },
    ])
    expect(await world.access.invitations.list({ wineryId })).toEqual([])
    await expect(world.access.invitations.join(token, nobody)).rejects.toMatchObject({ code: 'not_found' })
    expect((await world.audit('users.join'))[0]).toMatchObject({
      winery_id: wineryId,
      actor_name: 'Vera',
      subject: `invitation ${made.invitationId}`,
    })
  })

  it('is good for a week', async () => {
    await invite({})
    const token = tokenIn(world.mails.at(-1))
    world.clock.now = days(6.9)
    expect(await world.access.invitations.find(token)).toMatchObject({ email: 'olga@example.com' })
    world.clock.now = days(0.2)
    await expect(world.access.invitations.join(token, nobody)).rejects.toMatchObject({ code: 'not_found' })
    expect(await world.access.invitations.list({ wineryId: null })).toEqual([])
  })

  it('is replaced by a newer one to the same address, and can be withdrawn', async () => {
    await invite({})
    const first = tokenIn(world.mails.at(-1))
    const { invitationId } = await invite({ email: 'OLGA@example.com', role: 'support' })
    const second = tokenIn(world.mails.at(-1))
    await expect(world.access.invitations.find(first)).rejects.toMatchObject({ code: 'not_found' })
    const { wineryId } = await world.addWinery('withdraws')
    const withdraw = (of: { wineryId: string | null }) =>
      world.access.invitations.withdraw({ actor, invitationId, ...of })
    await expect(withdraw({ wineryId })).rejects.toMatchObject({ code: 'not_found' })
    await withdraw({ wineryId: null })
    await expect(world.access.invitations.find(second)).rejects.toMatchObject({ code: 'not_found' })
    expect(await world.audit('users.withdraw-invitation')).toHaveLength(1)
  })

  it('gives no role that stands over all wineries inside one, and none of a winery outside', async () => {
    const { wineryId, brandIds } = await world.addWinery('roles', ['RA'])
    const other = await world.addWinery('other-roles', ['OA'])
    for (const wrong of [
      { wineryId, role: 'support' },
      { wineryId, role: 'operator' },
      { wineryId: null, role: 'winery admin' },
      { wineryId, role: 'winery admin', brandIds },
      { wineryId, role: 'viewer', brandIds: other.brandIds },
      { wineryId, role: 'viewer', brandIds: [...brandIds, ...other.brandIds] },
      { wineryId, role: 'viewer', brandIds: [] },
    ] as const) {
      await expect(
        invite({ ...wrong, brandIds: 'brandIds' in wrong ? [...wrong.brandIds] : null }),
      ).rejects.toMatchObject({ code: 'invalid' })
    }
  })

  it('is refused to an address that has an account, and to what is no address', async () => {
    const { email } = await world.person({ role: 'operator' })
    await expect(invite({ email: email.toUpperCase() })).rejects.toMatchObject({ code: 'invalid' })
    await expect(invite({ email: 'olga at example.com' })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('sends no mail when it fails', async () => {
    const before = world.mails.length
    await expect(invite({ role: 'viewer' })).rejects.toMatchObject({ code: 'invalid' })
    expect(world.mails).toHaveLength(before)
  })

  it('asks for a name and a password of twelve characters', async () => {
    await invite({ email: 'short@example.com' })
    const token = tokenIn(world.mails.at(-1))
    const join = (as: { name: string; password: string }) => world.access.invitations.join(token, as)
    await expect(join({ name: 'Shirin', password: 'elevenchars' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(join({ name: '  ', password })).rejects.toMatchObject({ code: 'invalid' })
    expect(await join({ name: 'Shirin', password: 'twelve chars' })).toMatchObject({
      email: 'short@example.com',
    })
  })
})
