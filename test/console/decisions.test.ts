/** What people of a winery and Support decide by hand, each in a browser: guests, exceptions, the Tock key, leaving. */

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { query } from '../crm/customers-winery.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'
import { type FilledWinery, filledWinery, pathOf, twoWineries } from './filled-winery.ts'

const world = useConsole({ simulator: { wineries: twoWineries } })
let winery: FilledWinery
let admin: Page
let support: Page

beforeAll(async () => {
  winery = await filledWinery(world, {
    slug: 'larkmoor',
    name: 'Larkmoor Estates',
    businesses: ['707', '709'],
  })
  admin = await world.as({ role: 'winery admin', wineryId: winery.wineryId }, '/account')
  support = await world.as({ role: 'support' }, '/account')
})

const at = (path: string) => `/wineries/larkmoor${path}`
const rows = <Row extends object>(text: string) => query<Row>(world.database, text, [winery.wineryId])
const dialogOf = (page: Page) => page.getByRole('dialog').first()

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) }
}

describe('on the card of a customer', () => {
  it('a no to mail is recorded with its reason, and so is the yes that takes it back', async () => {
    await admin.goto(pathOf('/wineries/$winery/customers/$customer', winery))
    await admin.getByRole('button', { name: 'Opt out of e-mail' }).click()
    await dialogOf(admin).getByRole('button', { name: 'Opt out' }).click()
    await dialogOf(admin).getByText('Say why').waitFor()
    await dialogOf(admin).getByLabel('Reason').fill('Asked for it at the tasting bar')
    await dialogOf(admin).getByRole('button', { name: 'Opt out' }).click()
    await admin.getByText('Opted out', { exact: true }).first().waitFor()
    await admin.getByText('Not to be mailed: The customer has opted out.').waitFor()
    await admin.getByRole('button', { name: 'Opt in again' }).click()
    await dialogOf(admin).getByLabel('Reason').fill('Signed a card at the desk on Sunday')
    await dialogOf(admin).getByRole('button', { name: 'Opt in' }).click()
    await admin.getByText('Opted in', { exact: true }).first().waitFor()
    await admin.getByText('Signed a card at the desk on Sunday').waitFor()
    await expectAccessible(admin)
    const changes = await rows<{ after: string }>(
      `select after from ecellar.consent_changes where winery_id = $1 and reason is not null order by changed_at`,
    )
    expect(changes.map(({ after }) => after)).toEqual(['out', 'in'])
  })

  it('all that is kept of the person is saved as a file, which the audit tells of', async () => {
    const file = await saved(admin, () =>
      admin.getByRole('button', { name: 'Save all that is kept' }).click(),
    )
    expect(file.name).toBe(`customer-${winery.ids.customer}.json`)
    const [{ email = '' } = {}] = await rows<{ email: string }>(
      `select email from ecellar.customers where winery_id = $1 and customer_id = ${winery.ids.customer}`,
    )
    expect(email).toContain('@')
    expect(file.content.toString()).toContain(email)
    expect(
      await rows("select from ecellar.audit where winery_id = $1 and action = 'customers.export-person'"),
    ).toHaveLength(1)
    // The same by address, for whoever is no customer.
    await admin.goto(at('/customers/person'))
    await admin.getByLabel('E-mail address').fill(email)
    await admin.getByRole('button', { name: 'Look up' }).click()
    await admin.getByRole('heading', { name: 'What is kept' }).waitFor()
    await expectAccessible(admin)
    await picture(admin, 'person')
  })
})

describe('an address that many names book with', () => {
  it('is put on the list of shared addresses where it is proposed', async () => {
    await admin.goto(at('/settings/shared-addresses'))
    await admin.getByRole('button', { name: 'Shared by many: desk@hotel.example.com' }).click()
    await dialogOf(admin).getByText('1 guest and 6 reservations are kept without a customer.').waitFor()
    await expectAccessible(admin)
    await dialogOf(admin).getByLabel('Reason').fill('The front desk of a hotel')
    await dialogOf(admin).getByRole('button', { name: 'Decide' }).click()
    const list = admin.getByRole('table', { name: 'Shared addresses' })
    await list.getByRole('cell', { name: 'desk@hotel.example.com', exact: true }).waitFor()
    await admin.getByRole('button', { name: /^Shared by many/ }).waitFor({ state: 'detached' })
    expect(
      await rows(
        "select from ecellar.exceptions where winery_id = $1 and code = 'shared_address_proposed' and resolved_at is null",
      ),
    ).toEqual([])
  })
})

describe('an exception', () => {
  const openOnes = () =>
    rows<{ exception_id: string }>(
      `select e.exception_id from ecellar.exceptions e
      join ecellar.brands b on b.winery_id = e.winery_id and b.brand_id = e.brand_id
      where e.winery_id = $1 and e.code = 'invalid_email' and e.resolved_at is null and b.business_id = '709'`,
    )
  it('whose cause was mended in Tock is tried again, and closes itself', async () => {
    const edit = world.simulator.edit('709')
    const patron = { id: 9_900_077, email: 'not an address', firstName: 'Nia', lastName: 'Example' }
    edit.addReservation(edit.reservation({ id: 991_000, dinerPatron: patron, ownerPatron: patron }))
    edit.publish()
    await admin.goto(at('/pulls?brand=PLW'))
    await admin.getByRole('button', { name: 'Pull Prairie Lantern Winery now' }).click()
    await expect
      .poll(() => openOnes(), { timeout: 40_000 })
      .toMatchObject([{ exception_id: expect.any(String) }])
    const [invalid = { exception_id: '' }] = await openOnes()
    const right = { ...patron, email: 'nia@example.com' }
    edit.replaceReservation('r:991000', (row) => ({
      ...row,
      dinerPatron: right,
      ownerPatron: right,
      sequenceId: 99,
    }))
    edit.publish()
    await admin.goto(at('/exceptions?code=invalid_email'))
    await admin.getByRole('button', { name: `Try again ${invalid.exception_id}` }).click()
    await admin
      .getByRole('button', { name: `Try again ${invalid.exception_id}` })
      .waitFor({ state: 'detached', timeout: 40_000 })
    expect(await openOnes()).toEqual([])
  })
})

describe('the Tock key', () => {
  it('is tested, asked for anew, handed over, and used once the winery admin has said so', async () => {
    await support.goto(at('/settings/key'))
    const brand = support.getByRole('region', { name: 'Larkmoor Vineyards' })
    await brand.getByRole('button', { name: 'Test the connection' }).click()
    await brand.getByText('Tock accepts key and ids').waitFor()
    await brand.getByText('Tock calls business 707 Larkmoor Vineyards').waitFor()
    // Tock gives out another key: the old one opens nothing any more.
    const key = world.simulator.renewKey('55')
    await brand.getByRole('button', { name: 'Test the connection' }).click()
    await brand.getByRole('alert').waitFor()
    await expectAccessible(support)
    await picture(support, 'key-refused')
    await support.getByRole('button', { name: 'Ask for a new key' }).click()
    const link = new URL(await support.getByRole('status').locator('code').innerText())
    await expectAccessible(support)
    const page = await world.open(link.pathname + link.hash)
    await page.getByLabel('Tock API key').fill(key)
    await page.getByRole('button', { name: 'Hand over and test' }).click()
    await page.getByText('Tock calls this business Larkmoor Vineyards').waitFor()
    await page.close()
    // Support sees it, and does not confirm it; the winery admin does.
    await support.reload()
    await support.getByText('The winery admin confirms it.').first().waitFor()
    await admin.goto(at('/settings/key'))
    for (let brands = winery.brands.length; brands > 0; brands -= 1) {
      await admin
        .getByRole('button', { name: 'Yes, use this key' })
        .nth(brands - 1)
        .waitFor()
      await admin.getByRole('button', { name: 'Yes, use this key' }).first().click()
      await admin
        .getByRole('button', { name: 'Yes, use this key' })
        .nth(brands - 1)
        .waitFor({ state: 'detached' })
    }
    const again = admin.getByRole('region', { name: 'Larkmoor Vineyards' })
    await again.getByRole('button', { name: 'Test the connection' }).click()
    await again.getByText('Tock accepts key and ids').waitFor()
  })

  it('is revoked, of one brand or of all, by typing the name of the winery', async () => {
    const brand = admin.getByRole('region', { name: 'Prairie Lantern Winery' })
    await brand.getByRole('button', { name: 'Revoke' }).click()
    await dialogOf(admin).getByRole('button', { name: 'Revoke' }).click()
    await brand.getByText('No key', { exact: true }).waitFor()
    await admin.getByRole('button', { name: 'Revoke all' }).click()
    expect(await dialogOf(admin).getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(true)
    await dialogOf(admin).getByLabel('Type larkmoor to go on').fill('larkmoor')
    await dialogOf(admin).getByRole('button', { name: 'Revoke' }).click()
    await admin
      .getByRole('region', { name: 'Larkmoor Vineyards' })
      .getByText('No key', { exact: true })
      .waitFor()
    expect(await rows('select from ecellar.tock_keys where winery_id = $1')).toEqual([])
  })
})

describe('a winery that leaves', () => {
  it('takes everything along as one file; Support only after giving a reason', async () => {
    await support.goto(at('/settings/leaving'))
    await support.getByRole('button', { name: 'Save everything' }).click()
    await support.getByRole('alert').waitFor()
    await expectAccessible(support)
    await support.getByRole('button', { name: 'See guests in full' }).click()
    await support.getByLabel('Reason').fill('The winery leaves and asked us for its file')
    await support.getByRole('button', { name: 'See guests', exact: true }).click()
    await support.getByText('You see guests in full until').waitFor()
    await admin.goto(at('/settings/leaving'))
    for (const page of [support, admin]) {
      const file = await saved(page, () => page.getByRole('button', { name: 'Save everything' }).click())
      expect(file.name).toBe('larkmoor.zip')
      expect(file.content.subarray(0, 2).toString()).toBe('PK')
      expect(file.content.toString('latin1')).toContain('customers.csv')
    }
    expect(await admin.getByRole('button', { name: 'Delete the winery' }).count()).toBe(0)
  })

  it('is deleted by Support, by typing its name, and nobody of it is let in any more', async () => {
    await support.getByRole('button', { name: 'Delete the winery' }).click()
    const button = dialogOf(support).getByRole('button', { name: 'Delete for good' })
    expect(await button.isDisabled()).toBe(true)
    await dialogOf(support).getByLabel('Type larkmoor to go on').fill('larkmoor')
    await button.click()
    await support.getByRole('heading', { name: 'Wineries', level: 1 }).waitFor()
    await support.getByText('No winery yet').waitFor()
    expect(await rows('select from ecellar.wineries where winery_id = $1')).toEqual([])
    await admin.reload()
    await admin.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})
