import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { actor } from '../actor.ts'
import { type Browser, openBrowser, type Person, password, useAccess } from './access-for-tests.ts'
import { totp } from './totp.ts'

const world = useAccess()

describe('two-factor sign-in', () => {
  it('is set up with an authenticator, confirmed with its first code, and recorded', async () => {
    const person = await world.person({ role: 'operator', name: 'Tess' })
    await setUp(person)
    expect((await world.audit('two-factor.on'))[0]).toMatchObject({ actor_name: 'Tess' })
    const [user] = (await world.access.users.list({ wineryId: null })).filter(({ name }) => name === 'Tess')
    expect(user?.twoFactor).toBe(true)
  })

  it('asks for the code after the password; until then nobody is signed in', async () => {
    const person = await world.person({ role: 'operator' })
    const { code } = await setUp(person)
    const before = (await world.audit('sign-in')).length
    const browser = openBrowser(world.access)
    const first = await browser.signIn(person.email)
    expect(await first.json()).toMatchObject({ twoFactorRedirect: true })
    expect(await browser.principal()).toBeNull()
    expect(await world.audit('sign-in')).toHaveLength(before)
    const entered = await browser.post('/two-factor/verify-totp', { code: code() })
    expect(entered.status).toBe(200)
    // The session is the cookie's alone.
    expect(await entered.text()).not.toContain('"token"')
    expect(await browser.principal()).toMatchObject({ id: person.userId })
    expect((await world.audit('sign-in'))[0]).toMatchObject({
      actor_id: person.userId,
      details: { by: 'authenticator' },
    })
  })

  it('takes a backup code once', async () => {
    const person = await world.person({ role: 'operator' })
    const { backupCodes } = await setUp(person)
    const tryCode = async (code: string) => {
      const browser = openBrowser(world.access)
      await browser.signIn(person.email)
      await browser.post('/two-factor/verify-backup-code', { code })
      return browser.principal()
    }
    expect(await tryCode(backupCodes[0] ?? '')).toMatchObject({ id: person.userId })
    expect(await tryCode(backupCodes[0] ?? '')).toBeNull()
    expect(await tryCode(backupCodes[1] ?? '')).toMatchObject({ id: person.userId })
  })

  it('turns wrong codes away, records whose they were, and locks after ten', async () => {
    const person = await world.person({ role: 'operator', name: 'Theo' })
    const { code } = await setUp(person)
    const wrong = async (browser: Browser) =>
      (await browser.post('/two-factor/verify-totp', { code: '000000' })).status
    for (let round = 0; round < 5; round += 1) {
      const browser = openBrowser(world.access)
      await browser.signIn(person.email)
      expect(await wrong(browser)).toBe(401)
      expect(await wrong(browser)).toBe(401)
    }
    expect((await world.audit('sign-in.failed'))[0]).toMatchObject({
      subject: 'Theo',
      actor_kind: 'program',
      details: { by: 'authenticator' },
    })
    const browser = openBrowser(world.access)
    await browser.signIn(person.email)
    expect((await browser.post('/two-factor/verify-totp', { code: code() })).status).toBe(429)
    expect(await browser.principal()).toBeNull()
  })

  it('is turned off with the password alone, which is recorded', async () => {
    const person = await world.person({ role: 'operator' })
    await setUp(person)
    expect((await person.browser.post('/two-factor/disable', { password: 'wrong' })).status).toBe(400)
    expect((await person.browser.post('/two-factor/disable', { password })).status).toBe(200)
    expect((await world.audit('two-factor.off'))[0]).toMatchObject({ actor_id: person.userId })
    const browser = openBrowser(world.access)
    await browser.signIn(person.email)
    expect(await browser.principal()).toMatchObject({ id: person.userId })
  })

  it('is taken off one who lost everything; he is told, his sessions end, and it is recorded', async () => {
    const { wineryId } = await world.addWinery('two-factor-reset')
    const person = await world.person({ role: 'winery admin', wineryId, name: 'Tara' })
    await setUp(person)
    await world.access.users.resetTwoFactor({ actor, wineryId, userId: person.userId })
    expect(await person.browser.principal()).toBeNull()
    expect(world.mails.at(-1)).toMatchObject({
      to: person.email,
      template: 'two-factor-reset',
      data: { resetBy: actor.name },
    })
    expect((await world.audit('two-factor.reset'))[0]).toMatchObject({
      winery_id: wineryId,
      actor_id: actor.id,
      subject: 'Tara',
    })
    const browser = openBrowser(world.access)
    await browser.signIn(person.email)
    expect(await browser.principal()).toMatchObject({ id: person.userId })
  })

  it('that was taken off trusts no device any more when it is set up anew', async () => {
    const person = await world.person({ role: 'operator' })
    const { code } = await setUp(person)
    const device = openBrowser(world.access)
    await device.signIn(person.email)
    await device.post('/two-factor/verify-totp', { code: code(), trustDevice: true })
    expect(await (await device.signIn(person.email)).json()).not.toHaveProperty('twoFactorRedirect')
    await world.access.users.resetTwoFactor({ actor, wineryId: null, userId: person.userId })
    await person.browser.signIn(person.email)
    await setUp(person)
    expect(await (await device.signIn(person.email)).json()).toMatchObject({ twoFactorRedirect: true })
  })

  it('leaves neither its secret nor its backup codes in the database in clear', async () => {
    const person = await world.person({ role: 'operator' })
    const { secret, backupCodes } = await setUp(person)
    const { rows } = await sql`select * from access.two_factors`.execute(world.database.db)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(JSON.stringify(rows)).not.toContain(backupCodes[0])
  })
})

async function setUp({ browser }: Person) {
  const enabled = await browser.post('/two-factor/enable', { password })
  expect(enabled.status).toBe(200)
  const { totpURI, backupCodes } = (await enabled.json()) as { totpURI: string; backupCodes: string[] }
  const secret = new URL(totpURI).searchParams.get('secret') ?? ''
  const code = () => totp(secret)
  expect((await browser.post('/two-factor/verify-totp', { code: code() })).status).toBe(200)
  return { secret, backupCodes, code }
}
