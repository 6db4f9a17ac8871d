/** Campaign safety in a real browser: audiences, releases and plans, scheduled exports, taking a pull back. */

import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { markCampaign, saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { insert } from '../crm/customers-winery.ts'
import { recordDue } from '../segments/record-due.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({ simulator: { wineries: [] } })
let winery: BookedWinery
let initial: string

beforeAll(async () => {
  winery = await bookedWinery(world.database)
  const options = { db: world.database.db, wineryId: winery.wineryId, actor, now: new Date() }
  for (const name of ['New customers', 'Everybody']) {
    await saveSegment(options, {
      name,
      kind: 'dynamic',
      definition: {
        version: 1,
        where: { kind: 'flag', flag: name === 'Everybody' ? 'active' : 'released', is: true },
      },
    })
  }
  await markCampaign(
    options,
    { name: 'Everybody' },
    { name: 'Harvest letter', at: new Date('2027-09-01T16:00:00Z') },
  )
  await winery.customer({ first_name: 'Old', last_name: 'Friend', email_consent: 'in' })
  const campaign = (segment: string, existing: number) => ({
    segmentId: '1',
    segment,
    campaign: `Letter to ${segment}`,
    campaignAt: '2027-09-01T16:00:00.000Z',
    audience: 120,
    newNow: 0,
    newOnceReleased: 5,
    existing,
    existingMayMail: existing,
  })
  initial = await insert(
    world.database,
    'pulls',
    {
      winery_id: winery.wineryId,
      brand_id: winery.brands[0]?.brand_id,
      business_id: winery.brands[0]?.business_id,
      kind: 'initial',
      status: 'applied',
      started_at: '2026-06-10T10:00:00Z',
      finished_at: '2026-06-10T10:01:00Z',
      customers_created: 7,
      campaigns: JSON.stringify([campaign('New customers', 0), campaign('Lapsed guests', 31)]),
    },
    'pull_id',
  )
  await sql`
    update ecellar.brand_businesses set initial_pull_id = ${initial}
    where winery_id = ${winery.wineryId} and brand_id = ${winery.brands[0]?.brand_id}`.execute(
    world.database.db,
  )
  for (const [index, name] of ['Ada', 'Bo', 'Cy', 'Di', 'Ed', 'Flo', 'Gus'].entries())
    await winery.customer({
      first_name: name,
      last_name: 'Marlow',
      email: `${name.toLowerCase()}@example.com`,
      created_by: 'tock',
      created_in_pull: initial,
      created_at: `2026-06-0${index + 1}T12:00:00Z`,
      released_at: null,
      email_consent: index < 5 ? 'in' : 'unknown',
    })
  await recordDue(world.database.db, new Date())
})

const at = (path: string) => `/wineries/${winery.winery.slug}${path}`
const as = (role: 'winery admin' | 'marketer' | 'viewer', path: string, width = 1440) =>
  world.as({ role, wineryId: winery.wineryId }, at(path), { width })
const rows = (page: Page, name: string) => page.getByRole('table', { name }).locator('tbody tr')
async function lookedAt(page: Page, name: string) {
  await expectAccessible(page)
  await picture(page, `${name}-1440`)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
  await picture(page, `${name}-390`)
  await page.setViewportSize({ width: 1440, height: 900 })
}

describe('campaigns', () => {
  it('a marketer marks a segment with a date, and sees who gets the mail now and who would', async () => {
    const page = await as('marketer', '/campaigns')
    await rows(page, 'Campaigns').first().waitFor()
    await page.getByRole('button', { name: 'Mark a segment' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Segment' }).click()
    await page.getByRole('option', { name: 'New customers' }).click()
    await dialog.getByLabel('Campaign').fill('Welcome')
    await dialog.getByLabel('Sent').fill('2027-06-01T09:00')
    await expectAccessible(page)
    await picture(page, 'campaign-mark-1440')
    await dialog.getByRole('button', { name: 'Mark', exact: true }).click()
    await page.getByText('Jun 1, 2027, 9:00 AM').waitFor()
    const welcome = rows(page, 'Campaigns').filter({ hasText: 'Welcome' })
    expect(await welcome.innerText()).toMatch(/1 of 1\s+\+\s*5\s+0/)
    await lookedAt(page, 'campaigns')
  })

  it('a marketer looks at the entries that wait, and confirms them once', async () => {
    const page = await as('marketer', '/campaigns')
    await page.getByRole('button', { name: 'Look at 7' }).click()
    await page.getByRole('dialog').getByText('Ada Marlow').waitFor()
    await lookedAt(page, 'waiting-entries')
    await page.getByRole('button', { name: 'Confirm all 7' }).click()
    await page.getByText('7 confirmed').waitFor()
    await page.getByRole('button', { name: /Look at/ }).waitFor({ state: 'detached' })
  })

  it('a viewer sees them, and changes nothing', async () => {
    const page = await as('viewer', '/campaigns')
    await rows(page, 'Campaigns').first().waitFor()
    expect(await page.getByRole('button', { name: /Mark|Change|Unmark/ }).count()).toBe(0)
  })
})

describe('a release', () => {
  it('by segment shows what each campaign would do before it is done', async () => {
    const page = await as('winery admin', '/customers/release')
    await page.getByRole('combobox', { name: 'Customers' }).click()
    await page.getByRole('option', { name: 'Those who would be in a segment' }).click()
    await page.getByRole('combobox', { name: 'Segment' }).click()
    await page.getByRole('option', { name: 'New customers' }).click()
    await page.getByRole('combobox', { name: 'How many' }).click()
    await page.getByRole('option', { name: 'A part of them, now' }).click()
    await page.getByLabel('At most').fill('1')
    await page.getByRole('button', { name: 'Show the effect' }).click()
    await page.getByText('These scheduled campaigns would reach more people').waitFor()
    await page.getByText('1 newly imported would get it once released').first().waitFor()
    await lookedAt(page, 'release-effect')
    await page.getByRole('button', { name: 'Release 1 customer' }).click()
    await page.getByText('1 customer released, 1 of them may be mailed.').waitFor()
    expect(await rows(page, 'Past releases').first().innerText()).toContain('Segment "New customers"')
  })

  it('of so many a day is planned after a look, shown, and stopped', async () => {
    const page = await as('winery admin', '/customers/release')
    await page.getByRole('combobox', { name: 'How many' }).click()
    await page.getByRole('option', { name: 'So many a day, by itself' }).click()
    await page.getByLabel('A day').fill('2')
    await page.getByRole('button', { name: 'Show the effect' }).click()
    await page.getByText('6 customers would be released within 3 days').waitFor()
    await page.getByRole('button', { name: 'Release 2 a day' }).click()
    await page.getByText('6 customers planned: 3 days.').waitFor()
    const plan = rows(page, 'Planned releases').first()
    await plan.waitFor()
    await lookedAt(page, 'release-planned')
    await plan.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click()
    await page.getByText('It was stopped.').waitFor()
  })
})

describe('scheduled exports', () => {
  it('a marketer schedules one, stops, starts, changes and removes it', async () => {
    const page = await as('marketer', '/export-schedules')
    await page.getByText('No export is scheduled').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Schedule an export' }).click()
    await page.getByRole('combobox', { name: 'Segment' }).click()
    await page.getByRole('option', { name: 'Everybody' }).click()
    await expectAccessible(page)
    await picture(page, 'schedule-dialog-1440')
    await page.getByRole('dialog').getByRole('button', { name: 'Schedule' }).click()
    await page.getByText('Every day at 06:30').waitFor()
    await sql`
      update ecellar.export_schedules set done_on = '2026-06-14', done_at = '2026-06-14T13:30:00Z', rows = 1, waiting = 3,
        stopped_at = now(), stopped_because = 'No good pull of JH for 30 hours.'`.execute(world.database.db)
    await page.reload()
    await page.getByText('No good pull of JH for 30 hours. It is made as soon as that is over.').waitFor()
    await lookedAt(page, 'export-schedules')
    await page.getByRole('button', { name: 'Stop the export of Everybody' }).click()
    await page.getByText('Stopped', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Start the export of Everybody' }).click()
    await page.getByRole('button', { name: 'Stop the export of Everybody' }).waitFor()
    await page.getByRole('button', { name: 'Change the export of Everybody' }).click()
    await page.getByRole('combobox', { name: 'Day' }).click()
    await page.getByRole('option', { name: 'Monday' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Every Monday at 06:30').waitFor()
    await page.getByRole('button', { name: 'Remove the export of Everybody' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No export is scheduled').waitFor()
  })

  it('are not for a viewer', async () => {
    const page = await as('viewer', '/campaigns')
    await page.getByRole('link', { name: 'Campaigns' }).first().waitFor()
    expect(await page.getByRole('link', { name: 'Scheduled exports' }).count()).toBe(0)
  })
})

it('the initial pull’s page says before anything is done whom it would bring into which campaign', async () => {
  const brand = winery.brands[1]
  await sql`
    update ecellar.brand_businesses set initial_pull_id = null
    where winery_id = ${winery.wineryId} and brand_id = ${brand?.brand_id}`.execute(world.database.db)
  await sql`
    insert into ecellar.pulls (winery_id, brand_id, business_id, kind, status, started_at, finished_at, customers_created,
      campaigns)
    select winery_id, ${brand?.brand_id}, ${brand?.business_id}, 'preview', 'previewed', now(), now(), 5, campaigns
    from ecellar.pulls where pull_id = ${initial}`.execute(world.database.db)
  const page = await as('winery admin', '/initial-pull?brand=OA')
  await page.getByRole('heading', { name: 'Scheduled campaigns' }).waitFor()
  await page.getByText(/5 newly imported would get it once released; 31 existing would join/).waitFor()
  await lookedAt(page, 'initial-pull-campaigns')
})

it('an initial pull is taken back after a look at what goes and what stays, and its page says so', async () => {
  const marketer = await as('marketer', `/pulls/${initial}`)
  await marketer.getByText('Letter to Lapsed guests').waitFor()
  await marketer.getByText(/31 existing would join because of imported history/).waitFor()
  expect(await marketer.getByRole('heading', { name: 'Take it back' }).count()).toBe(0)
  const page = await as('winery admin', `/pulls/${initial}`)
  await page.getByLabel('Reason').fill('Filed under the wrong brand')
  await page.getByRole('button', { name: 'Show what goes and what stays' }).click()
  await page.getByText('Stay: Released for marketing').waitFor()
  await page.getByText('Customers that go').waitFor()
  await lookedAt(page, 'undo')
  await page.getByRole('button', { name: 'Take the initial pull back' }).click()
  await page.getByText('This pull was taken back').waitFor()
  expect(await page.getByRole('heading', { name: 'Take it back' }).count()).toBe(0)
  await lookedAt(page, 'undone')
})
