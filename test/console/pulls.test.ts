/** From the preview to the report, a pull that waits, exceptions, and the days beside Tock's, in a real browser. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { june20, person, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { type TestWinery, wineryForTests } from '../pull/winery-for-tests.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({
  simulator: {
    wineries: [
      {
        businessGroupId: '55',
        name: 'Larkmoor Estates',
        guests: 120,
        businesses: [
          {
            businessId: '707',
            name: 'Larkmoor Vineyards',
            timeZone: 'America/Los_Angeles',
            reservations: 150,
          },
        ],
      },
    ],
  },
})
/** Its Tock is the service's: the worker pulls it. */
let larkmoor: TestWinery
/** Its Tock says what the test says. */
let place: TockPlace
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: 1 + at,
    serviceDateTimestamp: june20(at % 5),
    dinerPatron: person(1, 'one@example.com', 'One'),
  }))
beforeAll(async () => {
  const { apiKey = '' } = world.simulator.businesses[0] ?? {}
  const brand = { code: 'LV', businessId: '707', businessGroupId: '55', apiKey }
  larkmoor = await wineryForTests(world.database, world.simulator.url, [brand])
  place = await tockPlace(world.database)
})
afterAll(() => place?.close())

const pageOf = (
  winery: TestWinery,
  role: 'winery admin' | 'support' | 'viewer',
  path: string,
  options: Parameters<typeof world.as>[2] = {},
) =>
  world.as(
    { role, wineryId: role === 'support' ? null : winery.wineryId },
    `/wineries/${winery.slug}${path}`,
    options,
  )

async function lookedAt(page: Page, name: string) {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectAccessible(page)
  await picture(page, name)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.waitForTimeout(200)
  await expectAccessible(page)
  await picture(page, `${name}-390`)
  await page.close()
}

describe('the initial pull', () => {
  it('is previewed, confirmed by the winery admin, and run by Support with those very numbers', async () => {
    const admin = await pageOf(larkmoor, 'winery admin', '/initial-pull')
    await admin.getByText("eCELLAR's customers were never imported").waitFor()
    await admin.getByRole('button', { name: 'Run a preview' }).click()
    await admin.getByText(/^Mind your campaigns: \d+ New customers$/).waitFor({ timeout: 60_000 })
    await admin.getByRole('heading', { name: 'Reservations by year' }).waitFor()
    const [preview] = await larkmoor.rows<{ pull_id: string; customers_created: number }>(
      `select pull_id, customers_created from reporting.pulls where winery = :winery`,
    )
    await admin.getByText(`Mind your campaigns: ${preview?.customers_created} New customers`).waitFor()
    expect(await admin.getByRole('button', { name: 'Run the initial pull' }).count()).toBe(0)
    // Whom it found, as a file: who becomes a customer is in it, one a line.
    const file = await admin.evaluate(
      (path) => fetch(path).then((answer) => answer.text()),
      `/api/v1/wineries/${larkmoor.slug}/pulls/${preview?.pull_id}/people.csv?outcome=created`,
    )
    const lines = file.trim().split('\n')
    expect(lines[0]).toContain('what the initial pull does,email,first_name')
    expect(lines.length - 1).toBeGreaterThanOrEqual(preview?.customers_created ?? Number.NaN)
    expect(lines[1]).toContain('becomes a customer,')

    const support = await pageOf(larkmoor, 'support', '/initial-pull')
    await support.getByText('Next: the winery admin.').waitFor()
    expect(await support.getByRole('button', { name: 'Run the initial pull' }).count()).toBe(0)
    expect(await support.getByRole('link', { name: /^Download/ }).count()).toBe(0)

    await admin.getByRole('button', { name: 'Confirm these numbers' }).click()
    await admin.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await admin.getByText(/Robin winery admin confirmed its numbers/).waitFor()
    await lookedAt(admin, 'initial-pull')

    await support.reload()
    await support.getByRole('button', { name: 'Run the initial pull' }).click()
    await support.getByRole('dialog').getByRole('button', { name: 'Run it' }).click()
    await support.getByRole('heading', { name: 'The initial pull is done' }).waitFor({ timeout: 60_000 })
    const [initial] = await larkmoor.rows<{ customers_created: number }>(
      `select customers_created from reporting.pulls where winery = :winery and kind = 'initial' and status = 'applied'`,
    )
    expect(initial?.customers_created).toBe(preview?.customers_created)
    await support.getByText(`${initial?.customers_created} customers were created.`).waitFor()
    await lookedAt(support, 'initial-pull-done')
  })
})

describe('pulls', () => {
  it('are listed with figures that lead to their rows; one shows its files', async () => {
    const page = await pageOf(larkmoor, 'winery admin', '/pulls')
    await page.getByRole('link', { name: /^Initial pull \d+$/ }).waitFor()
    await expectAccessible(page)
    await picture(page, 'pulls')
    await page.getByRole('link', { name: /^Initial pull \d+$/ }).click()
    await page.getByText('Each file').click()
    await page.getByRole('table', { name: 'Files' }).getByText('Reservations 1').waitFor()
    await lookedAt(page, 'pull')
    await lookedAt(await pageOf(larkmoor, 'viewer', '/pulls', { width: 390 }), 'pulls-viewer')
  })

  it('that wait say why and what they would do; approved, they are applied', async () => {
    place.show('N', { reservations: many(100) })
    await place.pull('N', 'initial')
    place.show('N', { reservations: many(60) })
    const waiting = await place.pull('N')
    expect(waiting.status).toBe('waiting')
    const page = await pageOf(place, 'winery admin', '/pulls?status=waiting')
    await page.getByRole('link', { name: `Pull by hand ${waiting.pullId}` }).click()
    await page.getByText('40 of 100 upcoming reservations', { exact: false }).first().waitFor()
    const row = page.getByRole('row', { name: /^Upcoming reservations/ })
    expect(await row.textContent()).toContain('1004040 %')
    await expectAccessible(page)
    await picture(page, 'pull-waiting')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Applied', { exact: true }).waitFor()
    const missing = await place.rows(
      'select 1 from reporting.reservations where winery = :winery and missing_since is not null',
    )
    expect(missing).toHaveLength(40)
    await page.close()
    const viewer = await pageOf(place, 'viewer', `/pulls/${waiting.pullId}`)
    await viewer.getByText('Applied', { exact: true }).waitFor()
    await viewer.close()
  })

  it('can be held against Tock, day by day', async () => {
    const page = await pageOf(place, 'viewer', '/compare?from=2026-06-20&to=2026-06-20')
    const row = page.getByRole('row', { name: /Jun 20, 2026/ })
    await row.waitFor()
    const [stored] = await place.rows<{ guests: number }>(
      `select sum(party_size)::int as guests from reporting.reservations
      where winery = :winery and missing_since is null and not is_cancelled`,
    )
    expect(await row.textContent()).toContain(`60${stored?.guests}00040`)
    await lookedAt(page, 'compare')
  })
})

describe('exceptions', () => {
  it('say what they mean and what to do; a person closes one', async () => {
    place.show('N', {
      reservations: [
        ...many(60),
        { id: 900, dinerPatron: person(9, 'not an address', 'Nine') },
        { id: 901, dinerPatron: person(10, 'neither', 'Ten') },
      ],
    })
    expect((await place.pull('N')).status).toBe('applied')
    const page = await pageOf(place, 'winery admin', '/exceptions')
    await page.getByRole('heading', { name: 'E-mail address is not one (2)' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'exceptions')
    await page
      .getByRole('button', { name: /^Close \d+$/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Close it' }).click()
    await dialog.getByText('Say why').waitFor()
    await dialog.getByLabel('Reason').fill('The guest has no address')
    await expectAccessible(page)
    await picture(page, 'exceptions-close')
    await dialog.getByRole('button', { name: 'Close it' }).click()
    await page.getByRole('heading', { name: 'E-mail address is not one (1)' }).waitFor()
    const open = await place.exceptions()
    expect(open.filter(({ resolved_at }) => resolved_at === null)).toHaveLength(1)
    await page.getByRole('button', { name: /^Close all/ }).click()
    await dialog.getByLabel('Reason').fill('Neither has this one')
    await dialog.getByRole('button', { name: 'Close all 1' }).click()
    await page.getByText('Nothing needs a decision').waitFor()
    await lookedAt(page, 'exceptions-none')
  })
})
