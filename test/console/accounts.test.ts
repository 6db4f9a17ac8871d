/** How somebody gets in, and stays in: invitation, password, second factor, a session that ends; the demo's users. */

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { startDemoConsole } from '../../src/cli/demo-console.ts'
import { openDemoWorld } from '../../src/cli/demo-world.ts'
import { readConfig } from '../../src/config.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { totp } from '../access/totp.ts'
import { actor } from '../actor.ts'
import { query } from '../crm/customers-winery.ts'
import { buildConsole, expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({ simulator: { wineries: [] } })
const email = 'casey@example.com'
const password = 'four words of one kind'
const newPassword = 'five other words of one kind'
let wineryId = ''

beforeAll(async () => {
  wineryId = (await addWinery(world.database.db, { slug: 'juniper', name: 'Juniper Hill' }, actor)).winery
    .winery_id
})

/** The path of the link that was mailed last. */
function mailedPath(): string {
  const mail = world.mails.at(-1)
  if (!mail || !('link' in mail.data)) throw new Error('No link was mailed')
  const { pathname, search, hash } = new URL(mail.data.link)
  return pathname + search + hash
}

async function signIn(page: Page, as: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail address').fill(as.email)
  await page.getByLabel('Password', { exact: true }).fill(as.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

describe('somebody who is invited', () => {
  let page: Page

  it('joins over the mailed link, with a name and a password, and is at home in the winery', async () => {
    const of = { actor, wineryId, email, role: 'winery admin', brandIds: null } as const
    await world.access.invitations.invite(of)
    page = await world.open(mailedPath(), { width: 390 })
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    await page.getByText('Robin Example invites you to Juniper Hill, as winery admin.').waitFor()
    expect(page.url()).not.toContain('#')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('The name that others know you by').waitFor()
    await expectAccessible(page)
    await picture(page, 'join-390')
    await page.getByLabel('Your name').fill('Casey Admin')
    await page.getByLabel('New password').fill(password)
    await page.getByLabel('The same again').fill('something else')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('This is not the same').waitFor()
    await page.getByLabel('The same again').fill(password)
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('heading', { name: 'Juniper Hill', level: 1 }).waitFor()
    const again = await world.open(mailedPath())
    await again.getByRole('heading', { name: 'This link is not good' }).waitFor()
    await expectAccessible(again)
  })

  it('is led to the sign-in when the session has ended, and back to the page', async () => {
    await page.goto('/wineries/juniper/customers?released=false')
    await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
    await query(world.database, 'delete from access.sessions')
    await page.getByLabel('Name or e-mail address').fill('marlow')
    await page.getByText('Your session has ended.').waitFor()
    await expectAccessible(page)
    await signIn(page, { email, password })
    await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
    const { pathname, searchParams } = new URL(page.url())
    expect(pathname).toBe('/wineries/juniper/customers')
    expect(searchParams.get('released')).toBe('false')
  })

  it('sets a new password over a mailed link; who has no account is told the same', async () => {
    const unknown = await world.open('/forgot-password')
    await unknown.getByLabel('E-mail address').fill('nobody@example.com')
    await unknown.getByRole('button', { name: 'Send the link' }).click()
    await unknown.getByRole('heading', { name: 'Look at your mail' }).waitFor()
    const told = await unknown.locator('main').innerText()
    const before = world.mails.length
    await unknown.goto('/forgot-password')
    await unknown.getByLabel('E-mail address').fill(email)
    await unknown.getByRole('button', { name: 'Send the link' }).click()
    await unknown.getByRole('heading', { name: 'Look at your mail' }).waitFor()
    expect(await unknown.locator('main').innerText()).toBe(told)
    expect(world.mails.slice(before)).toMatchObject([{ to: email, template: 'password-reset' }])
    await unknown.goto(mailedPath())
    await unknown.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await unknown.getByLabel('New password').fill('short')
    await unknown.getByRole('button', { name: 'Set the password' }).click()
    await unknown.getByText('Take at least 12 characters').waitFor()
    await expectAccessible(unknown)
    await unknown.getByLabel('New password').fill(newPassword)
    await unknown.getByLabel('The same again').fill(newPassword)
    await unknown.getByRole('button', { name: 'Set the password' }).click()
    await unknown.getByText('You were signed out everywhere.').waitFor()
    await unknown.getByRole('link', { name: 'Sign in' }).click()
    await signIn(unknown, { email, password })
    await unknown.getByText('Address or password is wrong.').waitFor()
    await signIn(unknown, { email, password: newPassword })
    await unknown.getByRole('heading', { name: 'Juniper Hill', level: 1 }).waitFor()
    page = unknown
  })

  it('turns on the second factor, signs in with it, with a backup code, and turns it off', async () => {
    await page.getByRole('button', { name: /Casey Admin/ }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor()
    await page.getByLabel('Your password, to turn it on').fill(newPassword)
    await page.getByRole('button', { name: 'Turn it on' }).click()
    const secret = (await page.locator('code').first().innerText()).replaceAll(' ', '')
    const backupCode = await page.getByRole('listitem').first().innerText()
    await expectAccessible(page)
    await picture(page, 'second-factor')
    await page.getByLabel('First code of the app').fill(totp(secret))
    await page.getByRole('button', { name: 'It works: turn it on' }).click()
    await page.getByText('It is on').waitFor()
    await expectAccessible(page)

    for (const way of ['app', 'backup code'] as const) {
      await page.getByRole('button', { name: /Casey Admin/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await signIn(page, { email, password: newPassword })
      await page.getByRole('heading', { name: 'Your code' }).waitFor()
      if (way === 'app') {
        await expectAccessible(page)
        await page.getByLabel('Code of your authenticator app').fill('000000')
        await page.getByRole('button', { name: 'Continue' }).click()
        await page.getByText('This code is not right.').waitFor()
        await page.getByLabel('Code of your authenticator app').fill(totp(secret))
      } else {
        await page.getByRole('button', { name: 'Use a backup code' }).click()
        await page.getByLabel('Backup code').fill(backupCode)
      }
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('heading', { name: 'Juniper Hill', level: 1 }).waitFor()
    }
    await page.goto('/account')
    await page.getByLabel('Your password, to turn it off').fill(newPassword)
    await page.getByRole('button', { name: 'Turn it off' }).click()
    await page.getByRole('button', { name: 'Turn it on' }).waitFor()
  })

  it('changes the password, and signs out everywhere', async () => {
    const other = await world.open('/sign-in')
    await signIn(other, { email, password: newPassword })
    await other.getByRole('heading', { name: 'Juniper Hill', level: 1 }).waitFor()
    await page.getByLabel('Password of now').fill('not this one at all')
    await page.getByLabel('New password').fill(password)
    await page.getByLabel('The same again').fill(password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('The password is wrong.').waitFor()
    await page.getByLabel('Password of now').fill(newPassword)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('Your password is changed. Your other sessions have ended.').waitFor()
    await other.reload()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto('/account')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})

describe('the first Support user', () => {
  it('is made over the link that the start of the program prints', async () => {
    const link = await world.access.firstSupportLink()
    if (!link) throw new Error('There is a Support user already')
    const { pathname, hash } = new URL(link)
    const page = await world.open(pathname + hash)
    await page.getByRole('heading', { name: 'The first Support user' }).waitFor()
    await expectAccessible(page)
    await page.getByLabel('Your name').fill('Sam Support')
    await page.getByLabel('E-mail address').fill('sam@example.com')
    await page.getByLabel('New password').fill(password)
    await page.getByLabel('The same again').fill(password)
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('heading', { name: 'Wineries', level: 1 }).waitFor()
  })
})

describe('the users of the demo', () => {
  it('sign in, each with the role that the demo says', async () => {
    buildConsole()
    const demo = await openDemoWorld(readConfig({}, '/nowhere'))
    try {
      const given = { slug: 'larkmoor', name: 'Larkmoor Estates' }
      const { winery } = await addWinery(demo.database.db, given, actor)
      const shown = await startDemoConsole(demo, winery.winery_id)
      expect(shown.users.map(({ role }) => role)).toHaveLength(6)
      for (const user of shown.users) {
        const page = await world.browser.newPage({ baseURL: shown.address })
        await page.goto('/')
        await signIn(page, user)
        const home = ['support', 'operator'].includes(user.role) ? 'Wineries' : 'Larkmoor Estates'
        await page.getByRole('heading', { name: home, level: 1 }).waitFor()
        await page.getByRole('banner').getByText(user.role, { exact: true }).waitFor()
        await page.close()
      }
      await shown.stop()
    } finally {
      await demo.close()
    }
  })
})
