import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openBrowser, password, site, tokenIn, useAccess } from './access-for-tests.ts'

const world = useAccess()

describe('sign-in', () => {
  it('makes a principal of a user, with role, winery and brands', async () => {
    const { wineryId, brandIds } = await world.addWinery('juniper-hill', ['JH', 'JR'])
    const person = await world.person({
      role: 'marketer',
      wineryId,
      brandIds: brandIds.slice(0, 1),
      name: 'Mara',
    })
    expect(await person.principal()).toEqual({
      kind: 'user',
      id: person.userId,
      name: 'Mara',
      role: 'marketer',
      wineryId,
      brandIds: brandIds.slice(0, 1),
      scopes: null,
      guestsOf: [],
    })
    expect(await world.access.principalOf(new Headers())).toBeNull()
    expect((await world.audit('sign-in'))[0]).toMatchObject({
      winery_id: wineryId,
      actor_name: 'Mara',
      details: { by: 'password' },
    })
    const [user] = await world.access.users.list({ wineryId })
    expect(user?.lastSignedInAt).toEqual(world.clock.now)
  })

  it('knows an address however it is capitalised', async () => {
    const { email } = await world.person({ role: 'operator' })
    expect((await openBrowser(world.access).signIn(email.toUpperCase())).status).toBe(200)
  })

  it('sets a cookie that no script reads, that other sites do not send, and that goes over https alone', async () => {
    const { email } = await world.person({ role: 'operator' })
    const answer = await openBrowser(world.access).signIn(email)
    const cookie = answer.headers.getSetCookie().find((line) => line.includes('session_token'))
    expect(cookie).toMatch(/^__Secure-ecellar-tock\.session_token=/)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; Secure/)
    expect(cookie).toMatch(/; SameSite=Lax/i)
  })

  it('tells the session to nobody but the cookie', async () => {
    const { email } = await world.person({ role: 'operator' })
    const browser = openBrowser(world.access)
    const next = { currentPassword: password, newPassword: 'another twelve letters' }
    const said = [
      await browser.signIn(email),
      await browser.get('/get-session'),
      await browser.post('/change-password', next),
    ]
    const { rows } = await sql<{ token: string }>`select token from access.sessions`.execute(
      world.database.db,
    )
    for (const answer of said) {
      expect(answer.status).toBe(200)
      const text = await answer.text()
      expect(text).toContain(email)
      expect(text).not.toContain('"token"')
      for (const { token } of rows) expect(text).not.toContain(token)
    }
    expect(await browser.principal()).not.toBeNull()
  })

  it('works in every process of the installation', async () => {
    const { browser, userId } = await world.person({ role: 'operator' })
    const other = await world.openAgain()
    expect(await other.principalOf(browser.headers())).toMatchObject({ id: userId })
  })

  it('with a wrong password says the same as for an address that nobody has, and is recorded', async () => {
    const { email, name } = await world.person({ role: 'operator', name: 'Olaf' })
    const wrong = await openBrowser(world.access).signIn(email, 'not the password')
    const unknown = await openBrowser(world.access).signIn('nobody@example.com', 'not the password')
    expect(wrong.status).toBe(401)
    expect(unknown.status).toBe(401)
    expect(await wrong.text()).toBe(await unknown.text())
    // Anybody could fill the audit with addresses that nobody has: those are not in it.
    expect(await world.audit('sign-in.failed')).toMatchObject([{ subject: name, actor_kind: 'program' }])
    expect(JSON.stringify(await world.audit())).not.toContain('@example.com')
  })

  it('is closed for a quarter of an hour after ten wrong passwords, wherever they come from', async () => {
    const { email } = await world.person({ role: 'operator' })
    for (let count = 0; count < 10; count += 1) {
      expect((await openBrowser(world.access).signIn(email, 'not the password')).status).toBe(401)
    }
    expect((await openBrowser(world.access).signIn(email)).status).toBe(429)
    expect((await openBrowser(world.access).signIn(email)).status).toBe(429)
    expect(await world.audit('sign-in.locked')).toHaveLength(1)
    world.clock.now = new Date(world.clock.now.getTime() + 15 * 60_000)
    expect((await openBrowser(world.access).signIn(email)).status).toBe(200)
  })

  it('lets no more than ten of many tries at once through', async () => {
    const { email } = await world.person({ role: 'operator' })
    const tries = Array.from({ length: 14 }, () => openBrowser(world.access).signIn(email, 'wrong'))
    const codes = (await Promise.all(tries)).map(({ status }) => status)
    expect(codes.filter((code) => code === 401)).toHaveLength(10)
    expect(codes.filter((code) => code === 429)).toHaveLength(4)
  })

  it('is slowed down for a client that tries many addresses', async () => {
    const codes: number[] = []
    const { signIn } = openBrowser(world.access, { ip: '203.0.113.9' })
    for (let count = 0; count < 22; count += 1) codes.push((await signIn(`n${count}@example.com`)).status)
    expect(codes.filter((code) => code === 401)).toHaveLength(20)
    expect(codes.filter((code) => code === 429)).toHaveLength(2)
  })

  it('from a page of another site is refused', async () => {
    const { email } = await world.person({ role: 'operator' })
    const answer = await openBrowser(world.access, { origin: 'https://evil.example' }).signIn(email)
    expect(answer.status).toBe(403)
  })
})

describe('a session', () => {
  it('ends with sign-out, which is recorded', async () => {
    const { browser, userId } = await world.person({ role: 'operator' })
    const kept = browser.headers()
    expect((await browser.post('/sign-out')).status).toBe(200)
    expect(await world.access.principalOf(kept)).toBeNull()
    expect((await world.audit('sign-out'))[0]).toMatchObject({ actor_id: userId })
  })

  it('ends when its time is over', async () => {
    const { browser, userId } = await world.person({ role: 'operator' })
    await sql`update access.sessions set expires_at = now() - interval '1 second' where user_id = ${userId}`.execute(
      world.database.db,
    )
    expect(await browser.principal()).toBeNull()
  })

  it('whose cookie was changed is nobody’s', async () => {
    const { browser } = await world.person({ role: 'operator' })
    for (const [name, value] of browser.cookies) browser.cookies.set(name, value.replace(/^.{4}/, 'AAAA'))
    expect(await browser.principal()).toBeNull()
  })

  it('of a database that was read is worth nothing without the sign-in key', async () => {
    const { userId } = await world.person({ role: 'operator' })
    const { rows } = await sql<{
      token: string
    }>`select token from access.sessions where user_id = ${userId}`.execute(world.database.db)
    const cookie = `__Secure-ecellar-tock.session_token=${rows[0]?.token}`
    expect(await world.access.principalOf(new Headers({ cookie }))).toBeNull()
  })

  it('ends everywhere when the password is changed, save where it was changed', async () => {
    const { browser, email, userId } = await world.person({ role: 'operator' })
    const other = openBrowser(world.access)
    await other.signIn(email)
    const answer = await browser.post('/change-password', {
      currentPassword: password,
      newPassword: 'another horse altogether',
      revokeOtherSessions: false,
    })
    expect(answer.status).toBe(200)
    expect(await other.principal()).toBeNull()
    expect(await browser.principal()).toMatchObject({ id: userId })
    expect((await world.audit('password.change'))[0]).toMatchObject({ actor_id: userId })
  })
})

describe('a forgotten password', () => {
  it('is set anew over a link by mail, once; all sessions end, and waiting is over', async () => {
    const { email, browser, userId } = await world.person({ role: 'operator' })
    for (let count = 0; count < 11; count += 1) await openBrowser(world.access).signIn(email, 'wrong')
    const visitor = openBrowser(world.access)
    expect((await visitor.post('/request-password-reset', { email })).status).toBe(200)
    const mail = world.mails.at(-1)
    expect(mail).toMatchObject({ to: email, template: 'password-reset', wineryId: null })
    const token = tokenIn(mail)
    const set = (newPassword: string) => visitor.post('/reset-password', { newPassword, token })
    expect((await set('short')).status).toBe(400)
    expect((await set('a new and longer one')).status).toBe(200)
    expect((await set('a third one, by a thief')).status).toBe(400)
    expect(await browser.principal()).toBeNull()
    expect((await openBrowser(world.access).signIn(email)).status).toBe(401)
    expect((await openBrowser(world.access).signIn(email, 'a new and longer one')).status).toBe(200)
    expect((await world.audit('password.reset'))[0]).toMatchObject({ actor_id: userId })
    expect((await world.audit('password.reset-asked'))[0]).toMatchObject({ actor_kind: 'program' })
  })

  it('is answered alike for an address that nobody has, without a mail', async () => {
    const { email } = await world.person({ role: 'operator' })
    const ask = async (address: string) =>
      (await openBrowser(world.access).post('/request-password-reset', { email: address })).text()
    const known = await ask(email)
    const before = world.mails.length
    expect(await ask('nobody-at-all@example.com')).toBe(known)
    expect(world.mails).toHaveLength(before)
  })

  it('brings three mails an hour at most', async () => {
    const { email } = await world.person({ role: 'operator' })
    const before = world.mails.length
    for (let count = 0; count < 5; count += 1) {
      expect((await openBrowser(world.access).post('/request-password-reset', { email })).status).toBe(200)
    }
    expect(world.mails).toHaveLength(before + 3)
  })

  it('leaves no token in the database', async () => {
    const { email } = await world.person({ role: 'operator' })
    await openBrowser(world.access).post('/request-password-reset', { email })
    const { rows } = await sql`select * from access.verifications`.execute(world.database.db)
    expect(JSON.stringify(rows)).not.toContain(tokenIn(world.mails.at(-1)))
  })
})

describe('what better-auth could do besides', () => {
  it.each([
    ['POST', '/sign-up/email'],
    ['POST', '/update-user'],
    ['GET', '/list-sessions'],
    ['POST', '/change-email'],
    ['POST', '/delete-user'],
    ['POST', '/api-key/create'],
    ['POST', '/api-key/update'],
    ['GET', '/api-key/list'],
    ['POST', '/sign-in/social'],
    ['GET', '/sign-in/email'],
    ['POST', '/sign-in/email/'],
    ['POST', '//sign-up/email'],
    ['POST', '/sign-out/../sign-up/email/x'],
    ['GET', '/constructor'],
  ])('cannot be reached: %s %s', async (method, path) => {
    const { browser } = await world.person({ role: 'support' })
    const answer =
      method === 'GET'
        ? await browser.get(path)
        : await browser.post(path, { email: 'x@example.com', name: 'x', password })
    expect(answer.status).toBe(404)
  })
})

describe('a page', () => {
  const from = (headers: Record<string, string>) => world.access.isOwnOrigin(new Headers(headers))
  it('of this program may write; another may not', () => {
    expect(from({ origin: site })).toBe(true)
    expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(true)
    expect(from({ origin: 'https://evil.example' })).toBe(false)
    expect(from({ origin: `${site}.evil.example` })).toBe(false)
    expect(from({ origin: 'http://tock.ecellar.example' })).toBe(false)
    expect(from({ origin: 'null' })).toBe(false)
    expect(from({ 'sec-fetch-site': 'same-site' })).toBe(false)
    expect(from({})).toBe(false)
  })

  it('without PUBLIC_URL may write when this machine showed it, at the address that is asked', async () => {
    const access = await world.openAgain({ PUBLIC_URL: '', PORT: '4000' })
    const asks = (origin: string, host: string) => access.isOwnOrigin(new Headers({ origin, host }))
    expect(asks('http://localhost:4000', 'localhost:4000')).toBe(true)
    expect(asks('http://127.0.0.1:4173', '127.0.0.1:4173')).toBe(true)
    expect(asks('http://localhost:8080', 'localhost:4000')).toBe(false)
    expect(asks('http://rebound.example:4000', 'rebound.example:4000')).toBe(false)
  })
})
