/** Users, invitations, API keys, audit, SQL login, leaving: over HTTP, with the real access behind. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Access } from '../../src/access/open-access.ts'
import type { Principal } from '../../src/contract/access.ts'
import { password, tokenIn, useAccess } from '../access/access-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'

const world = useAccess()
let api: ApiForTests
let wineryId: string
let people: Map<string, Principal>
let marketer: string
const hill = 'wineries/hill'

beforeAll(async () => {
  const winery = await world.addWinery('hill', ['A', 'B'])
  wineryId = winery.wineryId
  await world.addWinery('other', ['C'])
  people = new Map()
  const add = async (name: string, of: Parameters<typeof world.person>[0]) => {
    const made = await world.person({ name, ...of })
    people.set(name, await made.principal())
    return made.userId
  }
  await add('support', { role: 'support' })
  await add('admin', { role: 'winery admin', wineryId })
  await add('analyst', { role: 'analyst', wineryId })
  marketer = await add('marketer', { role: 'marketer', wineryId, brandIds: [winery.brandIds[0] ?? ''] })
  const bearer = (headers: Headers) => headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
  const access: Access = {
    ...world.access,
    principalOf: async (headers) => people.get(bearer(headers)) ?? world.access.principalOf(headers),
    isOwnOrigin: () => true,
  }
  api = await apiForTests(world.database, { parts: { access, clock: () => world.clock.now } })
})
afterAll(() => api?.close())

const get = (as: string | null, path: string) => api.ask<Record<string, never>>(as, 'GET', path)
const items = async (as: string, path: string) =>
  (await get(as, path)).body.items as unknown as Record<string, unknown>[]

describe('users over HTTP', () => {
  it('of a winery are listed with their brands, by their codes', async () => {
    const users = await items('admin', `${hill}/users`)
    expect(users.map(({ name, role, brands }) => ({ name, role, brands }))).toEqual([
      { name: 'admin', role: 'winery admin', brands: null },
      { name: 'analyst', role: 'analyst', brands: null },
      { name: 'marketer', role: 'marketer', brands: ['A'] },
    ])
    expect((await get('marketer', `${hill}/users`)).status).toBe(403)
    expect((await get('admin', 'wineries/other/users')).status).toBe(404)
  })

  it('change their own name, which is recorded; a key changes nobody’s', async () => {
    const change = (as: string, body: unknown) => api.ask<Record<string, never>>(as, 'PATCH', 'me', { body })
    expect((await change('analyst', { name: '  Ana Lyst ' })).body).toMatchObject({ name: 'Ana Lyst' })
    expect((await items('admin', `${hill}/users`)).map(({ name }) => name)).toContain('Ana Lyst')
    // Once more is no change.
    await change('analyst', { name: 'Ana Lyst' })
    expect(await items('admin', `${hill}/audit?action=users.rename`)).toMatchObject([
      { actor: { name: 'Ana Lyst' }, details: { before: { name: 'analyst' }, after: { name: 'Ana Lyst' } } },
    ])
    expect((await change('analyst', { name: '   ' })).status).toBe(400)
    expect((await change('analyst', { name: 'Ana', role: 'support' })).status).toBe(400)
    const key = { ...people.get('analyst'), kind: 'api-key', id: '1', scopes: [] } as unknown as Principal
    people.set('key', key)
    expect((await change('key', { name: 'Kay' })).body).toMatchObject({ code: 'not_allowed' })
    await change('analyst', { name: 'analyst' })
  })

  it('get other roles and brands from the winery admin', async () => {
    const change = (body: unknown) => api.ask('admin', 'PATCH', `${hill}/users/${marketer}`, { body })
    expect((await change({ brands: ['B', 'a'] })).body).toMatchObject({
      role: 'marketer',
      brands: ['A', 'B'],
    })
    expect((await change({ brands: ['C'] })).status).toBe(404)
    expect((await change({ role: 'support' })).body).toMatchObject({ code: 'invalid' })
    expect((await change({ role: 'viewer', brands: null })).body).toMatchObject({
      role: 'viewer',
      brands: null,
    })
    await change({ role: 'marketer', brands: ['A'] })
    const gone = await api.ask('admin', 'PATCH', `${hill}/users/nobody`, { body: { role: 'viewer' } })
    expect(gone.status).toBe(404)
  })

  it('of the installation are Support’s alone', async () => {
    expect(await items('support', 'users')).toMatchObject([
      { name: 'support', role: 'support', brands: null },
    ])
    expect((await get('admin', 'users')).status).toBe(403)
    expect((await get('admin', 'audit')).status).toBe(403)
    const last = people.get('support')?.id ?? ''
    expect((await api.ask('support', 'DELETE', `users/${last}`)).body).toMatchObject({ code: 'invalid' })
  })

  it('lose their second factor and their sessions when asked', async () => {
    for (const word of ['reset-two-factor', 'sign-out']) {
      const done = await api.ask('admin', 'POST', `${hill}/users/${marketer}/${word}`)
      expect(done.status).toBe(204)
    }
    expect((await world.audit('two-factor.reset')).length).toBe(1)
  })
})

describe('invitations over HTTP', () => {
  const token = () => tokenIn(world.mails.at(-1))

  it('are sent by mail, shown without being spent, and make a user once', async () => {
    const body = { email: 'new@example.com', role: 'viewer', brands: ['A'] }
    const invited = await api.ask('admin', 'POST', `${hill}/invitations`, { body })
    expect(invited).toMatchObject({
      status: 201,
      body: { email: 'new@example.com', brands: ['A'], winery: 'hill' },
    })
    expect(JSON.stringify(invited.body)).not.toContain(token())
    const show = () => api.ask(null, 'POST', 'invitations/show', { body: { token: token() } })
    expect((await show()).body).toMatchObject({ role: 'viewer', winery: 'hill' })
    const join = () =>
      api.ask(null, 'POST', 'invitations/join', { body: { token: token(), name: 'New', password } })
    expect(await join()).toMatchObject({ status: 201, body: { email: 'new@example.com' } })
    expect((await join()).status).toBe(404)
    expect((await show()).status).toBe(404)
    expect((await items('admin', `${hill}/users`)).map((user) => user.name)).toContain('New')
  })

  it('are listed while they are open, and withdrawn', async () => {
    await api.ask('admin', 'POST', `${hill}/invitations`, {
      body: { email: 'x@example.com', role: 'analyst' },
    })
    const [open] = await items('admin', `${hill}/invitations`)
    expect(open).toMatchObject({ email: 'x@example.com', role: 'analyst', brands: null })
    const withdraw = () => api.ask('admin', 'DELETE', `${hill}/invitations/${open?.invitationId}`)
    expect((await withdraw()).status).toBe(204)
    expect((await withdraw()).status).toBe(404)
    expect(await items('admin', `${hill}/invitations`)).toEqual([])
  })

  it('to the installation come from Support', async () => {
    const body = { email: 'op@example.com', role: 'operator' }
    expect((await api.ask('admin', 'POST', 'invitations', { body })).status).toBe(403)
    expect((await api.ask('support', 'POST', 'invitations', { body })).body).toMatchObject({
      role: 'operator',
      winery: null,
    })
    expect(await items('support', 'invitations')).toHaveLength(1)
    expect(await items('admin', `${hill}/invitations`)).toEqual([])
  })
})

describe('API keys over HTTP', () => {
  it('are made, used, seen by their maker, and ended', async () => {
    const body = { name: 'reports', scopes: ['reservations.read'] }
    const made = await api.ask<{ key: string; apiKeyId: string }>('analyst', 'POST', `${hill}/api-keys`, {
      body,
    })
    expect(made).toMatchObject({ status: 201, body: { name: 'reports', scopes: ['reservations.read'] } })
    const { key, apiKeyId } = made.body
    expect((await get(key, `${hill}/reservations`)).status).toBe(200)
    expect((await get(key, `${hill}/customers`)).status).toBe(403)
    const own = await items('analyst', `${hill}/api-keys`)
    expect(own).toMatchObject([{ apiKeyId, name: 'reports', madeBy: { name: 'analyst' } }])
    expect(JSON.stringify(own)).not.toContain(key)
    const admins = { name: 'nightly', scopes: ['pulls.read'] }
    const other = await api.ask<{ apiKeyId: string }>('admin', 'POST', `${hill}/api-keys`, { body: admins })
    expect(await items('analyst', `${hill}/api-keys`)).toHaveLength(1)
    expect(await items('admin', `${hill}/api-keys`)).toHaveLength(2)
    const end = (as: string, id: string) => api.ask(as, 'DELETE', `${hill}/api-keys/${id}`)
    expect((await end('analyst', other.body.apiKeyId)).status).toBe(404)
    expect((await end('admin', apiKeyId)).status).toBe(204)
    expect((await get(key, `${hill}/reservations`)).status).toBe(401)
  })

  it('cannot do what their maker may not, or what a person decides', async () => {
    for (const scopes of [['customers.release'], ['api-keys.write'], []]) {
      const made = await api.ask('analyst', 'POST', `${hill}/api-keys`, { body: { name: 'x', scopes } })
      expect(made.body).toMatchObject({ code: 'invalid' })
    }
  })
})

describe('the SQL login over HTTP', () => {
  it('is told to analysts and admins, the same each time, and that is recorded', async () => {
    const { body } = await get('analyst', `${hill}/sql-login`)
    expect((await get('admin', `${hill}/sql-login`)).body).toEqual(body)
    expect(new URL(String(body.url)).username).toContain('analyst')
    expect((await get('marketer', `${hill}/sql-login`)).status).toBe(403)
    expect(await world.audit('sql-login.read')).toHaveLength(2)
  })
})

describe('the audit over HTTP', () => {
  it('is searched and paged', async () => {
    const first = await get('admin', `${hill}/audit?action=users.&limit=1`)
    expect(first.body).toMatchObject({ items: [{ winery: 'hill', actor: { name: expect.any(String) } }] })
    const next = await items('admin', `${hill}/audit?action=users.&limit=1&cursor=${first.body.nextCursor}`)
    expect(next).not.toEqual(first.body.items)
    expect(await items('admin', `${hill}/audit?subject=nobody`)).toEqual([])
    expect(await items('admin', `${hill}/audit?before=2020-01-01T00:00:00Z`)).toEqual([])
    expect((await get('marketer', `${hill}/audit`)).status).toBe(403)
    const all = await items('support', 'audit?limit=200')
    expect(new Set(all.map((record) => record.winery))).toContain(null)
  })

  it('comes as a CSV file, and that is recorded', async () => {
    const file = await api.ask<string>('admin', 'GET', `${hill}/audit.csv?action=users.`)
    expect(file.headers['content-disposition']).toBe('attachment; filename="audit-hill.csv"')
    expect(file.body.split('\n')[0]).toBe('at,winery,actor_kind,actor,action,subject,details')
    expect(file.body).toContain('users.invite')
    expect(file.body).not.toContain('sql-login')
    expect(await items('admin', `${hill}/audit?action=audit.export`)).toHaveLength(1)
    const all = await api.ask<string>('support', 'GET', 'audit.csv')
    expect(all.status).toBe(200)
  })
})

describe('leaving over HTTP', () => {
  it('the winery admin gets everything as one file; Support only with a reason', async () => {
    const file = await api.ask<string>('admin', 'GET', `${hill}/export`)
    expect(file.headers['content-type']).toBe('application/zip')
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="hill-\d{4}-\d\d-\d\d\.zip"$/)
    expect(file.body.startsWith('PK')).toBe(true)
    expect((await get('support', `${hill}/export`)).status).toBe(403)
    expect((await get('marketer', `${hill}/export`)).status).toBe(403)
    const support = people.get('support')
    if (support) people.set('reason', { ...support, guestsOf: [wineryId] })
    expect((await get('reason', `${hill}/export`)).status).toBe(200)
  })

  it('Support deletes it, confirmed by its slug; its users are gone with it', async () => {
    const end = (as: string, confirm: string) => api.ask(as, 'POST', `${hill}/delete`, { body: { confirm } })
    expect((await end('admin', 'hill')).status).toBe(403)
    expect((await end('support', 'other')).body).toMatchObject({ code: 'invalid' })
    const done = await end('support', 'hill')
    expect(done.body).toMatchObject({
      winery: 'hill',
      rows: { 'access.memberships': 4, 'ecellar.wineries': 1 },
    })
    expect((await get('support', `${hill}/users`)).status).toBe(404)
    expect(await items('support', 'users')).toHaveLength(1)
    expect(await items('support', 'audit?action=wineries.leave')).toMatchObject([
      { winery: null, subject: 'hill', details: { rows: { 'ecellar.wineries': 1 } } },
    ])
    expect((await get('support', 'wineries/other')).status).toBe(200)
  })
})
