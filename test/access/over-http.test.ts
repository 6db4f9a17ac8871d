import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApi } from '../../src/api/app.ts'
import { readConfig } from '../../src/config.ts'
import { problemSchema } from '../../src/contract/api/problem.ts'
import { openLog } from '../../src/log.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { password, useAccess } from './access-for-tests.ts'

const world = useAccess()
const logged: string[] = []
let app: Awaited<ReturnType<typeof buildApi>>
let address: string

beforeAll(async () => {
  // No PUBLIC_URL: a trial on this machine.
  const log = openLog({ stream: { write: (line: string) => logged.push(line) } as never })
  const access = await world.openAgain({ PUBLIC_URL: '' }, log)
  app = await buildApi({
    database: world.database,
    secrets: openSecrets,
    access,
    config: readConfig({}, '/nowhere'),
    log,
    queue: undefined as never,
    clock: () => world.clock.now,
  })
  address = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => app?.close())

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address, ...headers },
    body: JSON.stringify(body),
  })

async function signIn(email: string): Promise<string> {
  const answer = await post('/api/auth/sign-in/email', { email, password })
  expect(answer.status).toBe(200)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

describe('over HTTP', () => {
  it('a user signs in, asks who he is, writes from an own page alone, and signs out', async () => {
    const { email, name } = await world.person({ role: 'support' })
    const cookie = await signIn(email)
    const me = await fetch(`${address}/api/v1/me`, { headers: { cookie } })
    expect(await me.json()).toMatchObject({ name, role: 'support' })
    const winery = { slug: 'over-http', name: 'Over HTTP' }
    const add = (headers: Record<string, string>) => post('/api/v1/wineries', winery, { cookie, ...headers })
    expect((await add({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await add({})).status).toBe(201)
    expect((await post('/api/auth/sign-out', {}, { cookie, origin: 'https://evil.example' })).status).toBe(
      403,
    )
    expect((await post('/api/auth/sign-out', {}, { cookie })).status).toBe(200)
    expect((await fetch(`${address}/api/v1/me`, { headers: { cookie } })).status).toBe(401)
  })

  it('what is refused is a problem like everywhere, with words and a next step', async () => {
    const { email } = await world.person({ role: 'operator' })
    const cookie = await signIn(email)
    const problem = async (path: string, body: object, headers: Record<string, string> = {}) => {
      const answer = await post(`/api/auth${path}`, body, headers)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      return problemSchema.parse(await answer.json())
    }
    const wrong = { currentPassword: 'not the password', newPassword: 'another twelve letters' }
    const cases = [
      [problem('/sign-in/email', { email, password: 'not the password' }), 401, 'not_signed_in'],
      [problem('/sign-in/email', { email }), 400, 'invalid'],
      [
        problem('/sign-in/email', { email, password }, { origin: 'https://evil.example' }),
        403,
        'not_allowed',
      ],
      [problem('/change-password', wrong), 401, 'not_signed_in'],
      [problem('/change-password', wrong, { cookie }), 422, 'invalid'],
      [problem('/change-password', { ...wrong, newPassword: 'short' }, { cookie }), 422, 'invalid'],
      [problem('/reset-password', { token: 'unknown', newPassword: password }), 422, 'invalid'],
      [problem('/two-factor/verify-totp', { code: '000000' }), 401, 'not_signed_in'],
      [problem('/sign-up/email', { email, password, name: 'Mallory' }), 404, 'not_found'],
    ] as const
    for (const [asked, status, code] of cases) expect(await asked).toMatchObject({ status, code })
    expect((await cases[0][0]).detail).toBe('Address or password is wrong.')
    expect((await cases[4][0]).detail).toBe('The password is wrong.')
  })

  it('an API key asks without a cookie and without an origin', async () => {
    const { wineryId } = await world.addWinery('http-key')
    const admin = await world.person({ role: 'winery admin', wineryId })
    const { key } = await world.access.apiKeys.make({
      principal: await admin.principal(),
      name: 'till',
      scopes: ['wineries.read'],
      expiresAt: null,
    })
    const me = await fetch(`${address}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } })
    expect(await me.json()).toMatchObject({ kind: 'api-key', winery: 'http-key', actions: ['wineries.read'] })
  })

  it('a fault of the database is told to nobody but the log', async () => {
    const { email } = await world.person({ role: 'operator' })
    const rename = (from: string, to: string) =>
      sql`alter table access.sessions rename column ${sql.id(from)} to ${sql.id(to)}`.execute(
        world.database.db,
      )
    await rename('user_agent', 'agent')
    const answer = await post('/api/auth/sign-in/email', { email, password })
    await rename('agent', 'user_agent')
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toMatch(/agent|column|insert/)
    expect(logged.join('')).toContain('Sign-in has a fault')
  })

  it('a claimed address does not get around the limit of tries', async () => {
    const codes: number[] = []
    for (let count = 0; count < 22; count += 1) {
      const answer = await post(
        '/api/auth/sign-in/email',
        { email: `http-${count}@example.com`, password },
        { 'x-ecellar-client-ip': `192.0.2.${count}` },
      )
      codes.push(answer.status)
    }
    expect(codes).toContain(429)
  })

  it('nothing of it stands in the log', () => {
    expect(logged.length).toBeGreaterThan(5)
    for (const secret of [password, '@example.com', 'session_token', 'etk_']) {
      expect(logged.join('')).not.toContain(secret)
    }
  })
})
