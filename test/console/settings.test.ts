/** The settings, in a real browser. */

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/contract/access.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { query } from '../crm/customers-winery.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({ simulator: { wineries: [] } })
let winery: BookedWinery

beforeAll(async () => {
  winery = await bookedWinery(world.database)
  await winery.customer({ email_consent: 'in' })
  await winery.customer()
  await winery.customer()
})

const at = (path: string) => `/wineries/${winery.winery.slug}/settings${path}`
const as = (role: Role, path: string, options?: { width?: number; scheme?: 'light' | 'dark' }) =>
  world.as(
    { role, wineryId: ['support', 'operator'].includes(role) ? null : winery.wineryId },
    at(path),
    options,
  )
const section = (page: Page, name: string) => page.getByRole('region', { name })
const saved = (page: Page) => page.getByText('Saved', { exact: true }).first().waitFor()

describe('the settings', () => {
  it('are changed and kept: what new customers get, of the winery and of a brand', async () => {
    const page = await as('winery admin', '/web-store')
    const all = section(page, 'All brands')
    await all.getByRole('button', { name: 'Save' }).click()
    await all.getByText('A source is needed').waitFor()
    await all.getByLabel('Customer Source').fill('Tasting Room')
    await all.getByText('Not in the list yet: saving creates it').first().waitFor()
    await all.getByLabel('Customer Type').fill('Guest')
    await all.getByRole('button', { name: 'Save' }).click()
    await saved(page)
    const brand = section(page, 'OA')
    await brand.getByLabel('Customer Type').fill('Visitor')
    await brand.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => typeOf('OA')).toBe('Visitor')
    await page.reload()
    expect(await section(page, 'OA').getByLabel('Customer Type').inputValue()).toBe('Visitor')
    expect(await section(page, 'All brands').getByLabel('Customer Source').inputValue()).toBe('Tasting Room')
    // An empty field of a brand goes by the winery again.
    await section(page, 'OA').getByLabel('Customer Type').fill('')
    await section(page, 'OA').getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => typeOf('OA')).toBe(null)
  })

  it('let notes leave in exports by the winery admin alone', async () => {
    const page = await as('winery admin', '/marketing')
    const notes = section(page, 'Notes in exports')
    await notes.getByLabel('may leave').check()
    await notes.getByRole('button', { name: 'Save' }).click()
    await saved(page)
    await expect
      .poll(() =>
        query(world.database, 'select export_notes from ecellar.wineries where winery_id = $1', [
          winery.wineryId,
        ]),
      )
      .toEqual([{ export_notes: true }])
    await expectAccessible(page)
    await picture(page, 'settings-marketing-1440')
    const support = await as('support', '/marketing')
    const shown = section(support, 'Notes in exports')
    await shown.getByLabel('may leave').waitFor()
    expect(await shown.getByRole('button', { name: 'Save' }).count()).toBe(0)
  })

  it('show what a mail policy does before it is saved', async () => {
    const page = await as('winery admin', '/marketing')
    await page.getByText('Now 1 customer', { exact: true }).waitFor()
    await page.getByLabel('has not opted out').check()
    await page.getByText('2 customers more may be mailed: 3 instead of 1.').waitFor()
    await expectAccessible(page)
    await section(page, 'Mail policy').getByRole('button', { name: 'Save' }).click()
    await saved(page)
    await page.getByLabel('Some days later').check()
    await page.getByLabel('Days', { exact: true }).fill('30')
    await section(page, 'Release of new customers').getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(async () => (await stored())[0])
      .toMatchObject({ mail_policy: 'not-opted-out', nightly_release: 'after:30' })
  })

  it('take a schedule, guards and the reservation contact', async () => {
    const page = await as('winery admin', '/pulls')
    const schedule = section(page, 'Nightly pulls of JH')
    await schedule.getByText('This is the preset.').waitFor()
    await schedule.getByLabel('Times').fill('15:00')
    await page.keyboard.press('Enter')
    await schedule.getByRole('button', { name: 'Save' }).click()
    await saved(page)
    const guards = section(page, 'Guards and retention')
    await guards.getByLabel('A pull waits for approval above').fill('20')
    await guards.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await stored())[0]).toMatchObject({ guard_percent: 20 })
    const [row] = await query(world.database, 'select times from ecellar.schedules where winery_id = $1', [
      winery.wineryId,
    ])
    expect(row).toEqual({ times: ['03:00', '15:00'] })
    await page.goto(at('/winery'))
    await page.getByLabel('E-mail address').fill('hospitality@example.com')
    await page.getByLabel('When somebody is needed').check()
    await section(page, 'Reservation contact').getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(async () => (await stored())[0])
      .toMatchObject({ reservation_contact: 'hospitality@example.com', night_mail: 'when-needed' })
  })

  it('keep the list of shared addresses', async () => {
    const page = await as('winery admin', '/shared-addresses')
    await page.getByLabel('Address or domain').fill('@hotel.example')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('cell', { name: '@hotel.example', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Take off @hotel.example' }).click()
    await page.getByText('No address is on the list').waitFor()
  })

  it('invite users: the link goes by mail, and can be withdrawn', async () => {
    const page = await as('winery admin', '/users')
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail address').fill('sasha@example.com')
    await dialog.getByLabel('Analyst').check()
    await dialog.getByRole('button', { name: 'Send the invitation' }).click()
    await page.getByRole('cell', { name: 'sasha@example.com', exact: true }).waitFor()
    expect(world.mails.at(-1)).toMatchObject({ to: 'sasha@example.com', template: 'invitation' })
    await page.getByRole('button', { name: 'Withdraw the invitation of sasha@example.com' }).click()
    await page.getByText('No invitation is open').waitFor()
  })

  it('make an API key that is shown once, and revoke it', async () => {
    const page = await as('winery admin', '/api-keys')
    await page.getByRole('button', { name: 'Make a key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Dashboard')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const alert = page.getByRole('status').filter({ hasText: 'The key is shown this once' })
    const key = await alert.locator('code').innerText()
    const ask = () =>
      fetch(`${world.url}/api/v1/wineries/${winery.winery.slug}/customers`, {
        headers: { authorization: `Bearer ${key}` },
      })
    expect((await ask()).status).toBe(200)
    await page.getByRole('button', { name: 'Revoke Dashboard' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('No key was made').waitFor()
    expect((await ask()).status).toBe(401)
  })
})

describe('each role', () => {
  const tabs = async (page: Page) => {
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allInnerTexts()
  }
  const reading = ['Web Store Settings', 'Winery', 'Pulls', 'Marketing', 'Shared addresses']

  it('sees the parts that it may read, and changes what it may', async () => {
    expect(await tabs(await as('winery admin', '/web-store'))).toEqual([
      ...reading,
      ...['Tock key', 'Users', 'API keys', 'Exports', 'Audit', 'Leaving'],
    ])
    expect(await tabs(await as('analyst', '/web-store'))).toEqual([...reading, 'API keys'])
    expect(await tabs(await as('marketer', '/web-store'))).toEqual([...reading, 'Exports'])
    const page = await as('viewer', '/web-store')
    expect(await tabs(page)).toEqual(reading)
    await page.getByText('You see these settings').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    await page.goto(at('/users'))
    await page.getByText('The role viewer may not do this.').first().waitFor()
  })
})

describe('each page of the settings', () => {
  const pages = [
    ...['web-store', 'winery', 'pulls', 'marketing', 'shared-addresses', 'key', 'users', 'api-keys'],
    ...['exports', 'audit', 'leaving'],
  ]
  it.each([
    ['wide and light', { width: 1440, scheme: 'light' }],
    ['narrow and dark', { width: 390, scheme: 'dark' }],
  ] as const)('is accessible: %s', { timeout: 180_000 }, async (_, options) => {
    const page = await as('winery admin', '/web-store', options)
    for (const name of pages) {
      await page.goto(at(`/${name}`))
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectAccessible(page)
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect(width, name).toBeLessThanOrEqual(options.width)
      await picture(page, `settings-${name}-${options.width}`)
    }
  })
})

function stored() {
  return query<Record<string, unknown>>(
    world.database,
    'select * from ecellar.wineries where winery_id = $1',
    [winery.wineryId],
  )
}

async function typeOf(brand: string): Promise<string | null> {
  const rows = await query<{ name: string }>(
    world.database,
    `select e.name from ecellar.web_store_settings s
    join ecellar.brands b on b.winery_id = s.winery_id and b.brand_id = s.brand_id
    join ecellar.list_entries e on e.winery_id = s.winery_id and e.entry_id = s.customer_type_id
    where s.winery_id = $1 and b.code = $2`,
    [winery.wineryId, brand],
  )
  return rows[0]?.name ?? null
}
