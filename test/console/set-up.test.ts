/** The whole way of a winery, as Support and a winery admin walk it in the browser: from nothing to nightly pulls. */

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { findWinery } from '../../src/crm/wineries.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({
  simulator: {
    wineries: [
      {
        businessGroupId: '55',
        name: 'Juniper Hill',
        guests: 60,
        businesses: [
          {
            businessId: '707',
            name: 'Juniper Hill Tasting Room',
            timeZone: 'America/Los_Angeles',
            reservations: 120,
          },
        ],
      },
    ],
  },
})

let support: Page
let admin: Page
let handOverLink = ''
const slow = 60_000

describe('a winery is set up', () => {
  it('from an empty list of wineries, by Support', async () => {
    support = await world.as({ role: 'support' }, '/')
    await support.getByText('No winery yet').waitFor()
    await support.getByRole('button', { name: 'Add a winery' }).first().click()
    await support.getByLabel('Name', { exact: true }).fill('Juniper Hill')
    await support.getByRole('button', { name: 'Add the winery' }).click()
    await support.getByRole('heading', { name: 'Set-up' }).waitFor()
    expect(support.url()).toContain('/wineries/juniper-hill/set-up')
    await support.getByText('No brand yet').waitFor()
    await expectAccessible(support)
    await support.getByRole('button', { name: 'Add a brand' }).first().click()
    await support.getByLabel('Name', { exact: true }).fill('Juniper Hill')
    await support.getByLabel('Brand Code').fill('JH')
    await support.getByLabel('Business Group ID').fill('55')
    await support.getByLabel('Business ID', { exact: true }).fill('708')
    await support.getByRole('button', { name: 'Add the brand' }).click()
    await support.getByText('Next: The winery hands over its Tock key').waitFor()
    await support.getByText('The winery has no winery admin yet').waitFor()
    await support.getByRole('button', { name: 'Invite the winery admin' }).click()
    await support.getByRole('dialog').getByLabel('E-mail address').fill('owner@example.com')
    await support.getByRole('dialog').getByRole('button', { name: 'Send the invitation' }).click()
    await support.getByText('An invitation to owner@example.com is on its way.').waitFor()
    expect(world.mails.at(-1)).toMatchObject({ to: 'owner@example.com', template: 'invitation' })
    await expectAccessible(support)
    await picture(support, 'set-up-key-1440')
  })

  it('asks the winery for its key over a link that needs no sign-in', async () => {
    await support.getByRole('button', { name: 'Make a link' }).click()
    handOverLink = (await support.locator('code').textContent()) ?? ''
    expect(handOverLink).toMatch(/\/hand-over#.{20,}$/)
  })

  it(
    'whose page tests key and ids at once, and lets a wrong id be corrected',
    async () => {
      const { apiKey } = world.simulator.businesses[0] ?? { apiKey: '' }
      const page = await world.open(new URL(handOverLink).pathname + new URL(handOverLink).hash, {
        width: 390,
      })
      await page.getByRole('heading', { name: 'Connect Juniper Hill to Tock' }).waitFor()
      expect(page.url()).not.toContain('#')
      await expectAccessible(page)
      await picture(page, 'hand-over-390')
      await page.getByRole('button', { name: 'Hand over and test' }).click()
      await page.getByText('The key is needed').waitFor()
      await page.getByLabel('Tock API key').fill(apiKey)
      await page.getByRole('button', { name: 'Hand over and test' }).click()
      await page.getByRole('button', { name: 'Correct key or ids' }).click()
      await page.getByLabel('Tock API key').fill(apiKey)
      await page.getByLabel('Business ID', { exact: true }).fill('707')
      await page.getByRole('button', { name: 'Hand over and test' }).click()
      await page.getByText('Tock calls this business Juniper Hill Tasting Room').waitFor()
      await expectAccessible(page)
      await picture(page, 'hand-over-confirm-390')
      await page.getByLabel('Yes, this is the right business').check()
      await page.getByRole('button', { name: 'Confirm', exact: true }).click()
      await page.getByText('Done: the key is stored').waitFor()
      // Spent: it opens nothing any more but how the key fares.
      const again = await world.open(new URL(handOverLink).pathname + new URL(handOverLink).hash)
      await again.getByRole('heading', { name: 'This link is not good' }).waitFor()
    },
    slow,
  )

  it(
    'sets what new customers get, and looks at a preview',
    async () => {
      await support.reload()
      await support.getByText('Next: Web Store Settings').waitFor()
      await support.getByLabel('Customer Source').first().fill('Tock')
      await support.getByLabel('Customer Type').first().fill('Visitor')
      await support.keyboard.press('Escape')
      await picture(support, 'set-up-settings-1440')
      await support.getByRole('button', { name: 'Save' }).click()
      await support.getByText('Next: Preview of the initial pull').waitFor()
      await support.getByText("eCELLAR's customers were never imported").waitFor()
      await support.getByRole('button', { name: 'Run a preview' }).click()
      await support.getByText('would become customers').first().waitFor({ timeout: slow })
      await support.getByText('your campaigns for New customers').first().waitFor()
    },
    slow,
  )

  it(
    'is approved by the winery admin, who sees the number that campaigns would reach',
    async () => {
      const { winery_id: wineryId } = await findWinery(world.database.db, 'juniper-hill')
      admin = await world.as({ role: 'winery admin', wineryId }, '/', { width: 390 })
      await admin.getByRole('heading', { name: 'Juniper Hill' }).waitFor()
      await admin.getByRole('link', { name: 'Go on with the set-up' }).click()
      await admin.getByText(/\d+ new customers, and your campaigns for New customers/).waitFor()
      // Support cannot confirm, and the admin cannot run it.
      expect(await support.getByRole('button', { name: 'Confirm the numbers' }).count()).toBe(0)
      await expectAccessible(admin)
      await picture(admin, 'set-up-approve-390')
      await admin.getByLabel('I have seen these numbers').check()
      await admin.getByRole('button', { name: 'Confirm the numbers' }).click()
      await admin.getByText('eCELLAR Support runs the initial pull now.').waitFor()
    },
    slow,
  )

  it(
    'is pulled by Support, and enabled though nothing is mapped yet',
    async () => {
      await support.reload()
      await support.getByRole('button', { name: 'Run the initial pull' }).click()
      await support.getByText('Next: Map experiences and locations').waitFor({ timeout: slow })
      await picture(support, 'set-up-map-1440')
      await expectAccessible(support)
      await support.getByLabel('When somebody of the winery releases them').check()
      await support.getByRole('button', { name: 'Enable the nightly pull' }).click()
      await support
        .getByText(/Enabled since|7 of 8 steps are done/)
        .first()
        .waitFor()
      const { rows } = { rows: await world.database.db.selectFrom('brands').select('enabled_at').execute() }
      expect(rows[0]?.enabled_at).toBeInstanceOf(Date)
    },
    slow,
  )

  it(
    'and its home tells what waits, with age, and draws charts on demand',
    async () => {
      const wide = await world.as(
        { role: 'winery admin', wineryId: (await findWinery(world.database.db, 'juniper-hill')).winery_id },
        '/',
      )
      await wide.getByText('customers not released for marketing').waitFor()
      await wide.getByText('Tock experiences without a reservation type').waitFor()
      await expectAccessible(wide)
      await picture(wide, 'home-1440')
      await wide.getByRole('heading', { name: 'Charts' }).scrollIntoViewIfNeeded()
      await wide.getByRole('heading', { name: 'Reservations per week' }).waitFor()
      await expectAccessible(wide)
      await picture(wide, 'home-charts-1440')
      await admin.goto('/')
      await admin.getByText('customers not released for marketing').waitFor()
      await picture(admin, 'home-390')
    },
    slow,
  )
})
