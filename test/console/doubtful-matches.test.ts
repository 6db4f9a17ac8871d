/** Doubtful matches in a real browser: both sides, what a decision does before it is taken, deciding by keyboard alone. */

import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole()
let place: TockPlace
beforeAll(async () => {
  place = await tockPlace(world.database, ['N', 'S'])
  await sql`
    insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, email_consent, created_by,
      released_at, created_at)
    values (${place.wineryId}, 'ann@example.com', 'ann@example.com', 'Ann', 'Quillfeather', 'in', 'import', '2020-01-01',
        '2020-01-01'),
      (${place.wineryId}, 'home@example.com', 'home@example.com', 'Cleo', 'Quince', 'unknown', 'import', '2020-01-01',
        '2020-01-01'),
      (${place.wineryId}, 'two@example.com', 'two@example.com', 'Dan', 'Dove', 'unknown', 'import', '2020-01-01',
        '2020-01-01'),
      (${place.wineryId}, 'two@example.com', 'two@example.com', 'Eve', 'Dove', 'unknown', 'import', '2020-01-01',
        '2020-01-01')`.execute(world.database.db)
  const diners = [
    person(1, 'work@example.com', 'Ann', 'Quillfeather'),
    person(2, 'home@example.com', 'Bob', 'Vine'),
    person(3, 'two@example.com', 'Dan', 'Dove'),
    ...[1, 2, 3, 4, 5].map((at) => person(10 + at, 'desk@example.com', `Party${at}`, 'Hotel')),
  ]
  place.show('N', { reservations: diners.map((dinerPatron, at) => ({ id: at + 1, dinerPatron })) })
  await place.pull('N', 'initial')
})
afterAll(() => place?.close())

const opened = (
  path = '',
  options: Parameters<typeof world.as>[2] = {},
  role: 'winery admin' | 'support' = 'winery admin',
) =>
  world.as(
    { role, wineryId: role === 'support' ? null : place.wineryId },
    `/wineries/${place.slug}/doubtful-matches${path}`,
    options,
  )
const match = (page: Page, name: string) => page.getByRole('article', { name })

describe('doubtful matches', () => {
  it('stand with both sides beside each other, and what differs is said', async () => {
    const page = await opened()
    const similar = match(page, 'Similar name, another address')
    await similar.waitFor()
    const row = (name: RegExp) => similar.getByRole('row', { name })
    expect(await row(/^E-mail/).innerText()).toMatch(/Differs[\s\S]*ann@example.com[\s\S]*work@example.com/)
    expect(await row(/^Name/).innerText()).not.toContain('Differs')
    expect(await row(/^Comes from/).innerText()).toMatch(/Imported[\s\S]*Pulled from Tock/)
    await match(page, 'One address, many names').getByText('Booked by: Party').waitFor()
    await expectAccessible(page)
    await picture(page, 'doubtful')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.waitForTimeout(200)
    await match(page, 'Similar name, another address').getByText('e-mail', { exact: true }).waitFor()
    await expectAccessible(page)
    await picture(page, 'doubtful-390')
    await page.close()
    const dark = await opened('', { scheme: 'dark' })
    await match(dark, 'Similar name, another address').waitFor()
    await picture(dark, 'doubtful-dark')
    await dark.close()
  })

  it('are decided by keyboard: what it does is told first, and the focus goes on with the next one', async () => {
    const page = await opened('?code=similar_name')
    const button = match(page, 'Similar name, another address').getByRole('button', {
      name: 'The same person',
    })
    await button.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'The same person' })
    await dialog.getByText(/1 guest and 1 reservation belong to customer \d+\..* is taken back/).waitFor()
    await expectAccessible(page)
    await picture(page, 'doubtful-decide')
    await page.keyboard.type('asked at the tasting room')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing matches').first().waitFor()
    await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toBe('nothing-left')
    const [customer] = await place.rows(
      `select customer_email from reporting.reservations where winery = :winery and tock_key = 'r:1'`,
    )
    expect(customer).toEqual({ customer_email: 'ann@example.com' })
    await page.close()
  })

  it('of several customers with one address: the one is chosen', async () => {
    const page = await opened()
    const several = match(page, 'Several customers with one address')
    await several.getByRole('button', { name: 'The guest is a certain customer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Dan Dove/).check()
    await dialog.getByText(/belong to customer \d+/).waitFor()
    await dialog.getByLabel('Reason').fill('it is his birthday')
    await dialog.getByRole('button', { name: 'Decide' }).click()
    await several.waitFor({ state: 'detached' })
    const focused = () => page.evaluate<string>('document.activeElement.id')
    await expect.poll(focused).toMatch(/^match-\d+$/)
    await page.close()
  })

  it('that were decided are listed with who, why and what came of it', async () => {
    const page = await opened('?state=decided')
    const similar = match(page, 'Similar name, another address')
    await similar.getByText(/Decided by Robin winery admin.*asked at the tasting room/).waitFor()
    expect(await similar.getByRole('button').count()).toBe(0)
    await expectAccessible(page)
    await picture(page, 'doubtful-decided')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.waitForTimeout(200)
    await picture(page, 'doubtful-decided-390')
    await page.close()
  })

  it('tell Support who they are only when Support gave a reason', async () => {
    const page = await opened('', {}, 'support')
    await match(page, 'Same address, quite another name').getByText('h…@e…').first().waitFor()
    expect(await page.getByText('Quince').count()).toBe(0)
    await page.close()
  })

  it('are reached from the exceptions, and end in words when nothing is left', async () => {
    const page = await world.as(
      { role: 'winery admin', wineryId: place.wineryId },
      `/wineries/${place.slug}/exceptions`,
    )
    await page
      .getByRole('link', { name: /^See both sides of \d+$/ })
      .first()
      .click()
    await page.getByRole('article').waitFor()
    expect(await page.getByRole('article').count()).toBe(1)
    await place.rows('update ecellar.exceptions set resolved_at = now() where winery_id = :id')
    await page.goto(`/wineries/${place.slug}/doubtful-matches`)
    await page.getByText('No match is in doubt').waitFor()
    await expectAccessible(page)
    await page.close()
  })
})
