/** Customers and reservations, in a real browser. */

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { query } from '../crm/customers-winery.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({ simulator: { wineries: [] } })
let winery: BookedWinery
let ada: string

beforeAll(async () => {
  winery = await bookedWinery(world.database)
  ada = await winery.customer({
    first_name: 'Ada',
    last_name: 'Marlow',
    email: 'ada.marlow@example.com',
    created_by: 'tock',
    released_at: null,
    email_consent: 'in',
  })
  const patronId = await winery.guest(ada, {
    first_name: 'Ada',
    last_name: 'Marlow',
    email: 'ada.marlow@example.com',
  })
  await winery.reservation({ customerId: ada, patronId, day: '2026-05-02' }, { party_name: 'Ada Marlow' })
  await winery.reservation(
    { customerId: ada, patronId, day: '2026-05-09', brand: 1 },
    { party_name: 'Ada Marlow' },
  )
  for (let number = 0; number < 60; number += 1) await winery.customer({ first_name: `Guest ${number}` })
})

const at = (path: string) => `/wineries/${winery.winery.slug}${path}`
const admin = () => ({ role: 'winery admin', wineryId: winery.wineryId }) as const

/** What stands in the table's or the cards' rows. */
const rows = (page: Page, name: string) => page.getByRole('table', { name }).locator('tbody tr')

describe('a winery admin', () => {
  it('finds a customer who is not released, sees the visits, and releases', async () => {
    const page = await world.as(admin(), at('/customers'))
    await page.getByText('61 customers').waitFor()
    await page.getByLabel('Name or e-mail address').fill('marlow')
    await page.getByText('1 customer', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('marlow')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Ada Marlow' }).click()
    await page.getByRole('heading', { name: 'Ada Marlow', level: 1 }).waitFor()
    await page.getByText('Not to be mailed: The customer is not released for marketing.').waitFor()
    await picture(page, 'customer')
    await page.getByRole('link', { name: /May 9, 2026/ }).waitFor()
    await page.getByText('Pulled from Tock').waitFor()
    await expectAccessible(page)
    await picture(page, 'customer')
    await page.getByRole('button', { name: 'Release for marketing' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click()
    await page.getByText('May be mailed', { exact: true }).waitFor()
    const [row] = await query(
      world.database,
      'select released_at from ecellar.customers where customer_id = $1',
      [ada],
    )
    expect(row).toEqual({ released_at: expect.any(Date) })
  })

  it('keeps search, sort and page in the address, and comes back to them', async () => {
    const page = await world.as(admin(), at('/customers?createdBy=import&sort=name'))
    await rows(page, 'Customers').first().waitFor()
    const first = await rows(page, 'Customers').first().innerText()
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('Page 2').waitFor()
    await expect.poll(() => rows(page, 'Customers').first().innerText()).not.toBe(first)
    expect(new URL(page.url()).searchParams.get('cursor')).not.toBeNull()
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByText('Page 2').waitFor({ state: 'detached' })
    await expect.poll(() => rows(page, 'Customers').first().innerText()).toBe(first)
    await picture(page, 'customers')
  })

  it('releases a part first: the effect is shown before, and it can be taken back', async () => {
    for (const name of ['Bo', 'Cy', 'Di']) {
      const more = { created_by: 'tock', released_at: null, email_consent: 'in' }
      await winery.customer({ first_name: name, created_at: '2026-03-01T12:00:00Z', ...more })
    }
    const page = await world.as(admin(), at('/customers/release'))
    await page.getByRole('combobox', { name: 'How many' }).click()
    await page.getByRole('option', { name: 'A part of them, now' }).click()
    await page.getByLabel('At most').fill('2')
    await page.getByRole('button', { name: 'Show the effect' }).click()
    await page.getByText('2 customers would be released').waitFor()
    await page.getByText('2 of them may be mailed.').waitFor()
    await expectAccessible(page)
    await picture(page, 'release')
    await page.getByRole('button', { name: 'Release 2 customers' }).click()
    await page.getByText('2 customers released').waitFor()
    await rows(page, 'Past releases').first().getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await page.getByText('2 taken back').waitFor()
    expect(await unreleased()).toBe(3)
  })

  it('erases a person by typing it out, and gets a receipt', async () => {
    const gone = await winery.customer({ first_name: 'Gus', last_name: 'Gone', email: 'gus@example.com' })
    const page = await world.as(admin(), at(`/customers/${gone}`))
    await page.getByRole('button', { name: 'Erase' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Type erase to go on').fill('erase')
    await dialog.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByText('Erased for good').waitFor()
    await expectAccessible(page)
    await picture(page, 'receipt')
    await page.goto(at(`/customers/${gone}`))
    await page
      .getByText(/There is nothing|is not there|not to be found/)
      .first()
      .waitFor()
  })

  it('imports a file, and reads which lines are bad', async () => {
    const page = await world.as(admin(), at('/customers/import'))
    const file = 'email,first_name\nnew.one@example.com,Nia\nno address,Nobody\n'
    await choose(page, 'customers.csv', file)
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByText('2 lines read, 1 of them not imported.').waitFor()
    await page.getByText(/^Line 3:/).waitFor()
    await page.getByRole('link', { name: '1 customers created' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'import')
  })
})

describe('a marketer', () => {
  it('opts out the addresses of a file, at once', async () => {
    await winery.customer({ email: 'out.one@example.com' })
    const page = await world.as({ role: 'marketer', wineryId: winery.wineryId }, at('/customers/opt-out'))
    await choose(page, 'out.csv', 'Name,E-mail\n"One","out.one@example.com"\nTwo,nobody.here@example.com\n')
    await page.getByLabel('Reason').fill('Asked for it on the phone')
    await page.getByRole('button', { name: 'Opt out' }).click()
    await page.getByText('1 customer opted out').waitFor()
    await page.getByText('1 known to no customer (line 3)').waitFor()
    await expectAccessible(page)
    await picture(page, 'opt-out')
    const [row] = await query(
      world.database,
      "select email_consent from ecellar.customers where email = 'out.one@example.com'",
    )
    expect(row).toEqual({ email_consent: 'out' })
  })
})

describe('each role', () => {
  it('is offered what it may do: a viewer sees shortened names and no buttons', async () => {
    const page = await world.as({ role: 'viewer', wineryId: winery.wineryId }, at(`/customers/${ada}`))
    await page.getByRole('heading', { name: 'A… M…' }).waitFor()
    await page.getByText('shortened').first().waitFor()
    for (const name of ['Erase', 'Release for marketing', 'Opt out of e-mail', 'Save all that is kept']) {
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    }
  })

  it('Support sees guests in full for an hour, after a reason', async () => {
    const page = await world.as({ role: 'support' }, at(`/customers/${ada}`))
    await page.getByRole('heading', { name: 'A… M…' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'See guests in full' }).click()
    await page.getByLabel('Reason').fill('The winery asked about this customer')
    await page.getByRole('button', { name: 'See guests', exact: true }).click()
    await page.getByRole('heading', { name: 'Ada Marlow' }).waitFor()
    expect(await page.getByRole('button', { name: 'Erase' }).count()).toBe(0)
  })
})

describe('reservations', () => {
  it('are found by filters that stand in the address, and lead to the reservation', async () => {
    const page = await world.as(admin(), at('/reservations?status=Completed'), {
      timezone: 'America/New_York',
    })
    await page.getByText('2 reservations').waitFor()
    // The reader is elsewhere: the zone is said.
    await page.getByRole('link', { name: 'Sat, May 9, 2026 2:00 PM PDT' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'reservations')
    await page.getByRole('combobox', { name: 'Brand' }).click()
    await page.getByRole('option', { name: 'OA' }).click()
    await page.getByText('1 reservation', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('brand')).toBe('OA')
    await page.goto(at('/reservations/day?day=2026-05-02'))
    await page.getByText('1 reservation: 1 with 2 guests').waitFor()
    await expectAccessible(page)
    await picture(page, 'reservations-day')
    await page.getByRole('link', { name: '2:00 PM' }).click()
    await page.getByRole('heading', { name: 'Ada Marlow', level: 1 }).waitFor()
    await expectAccessible(page)
    await picture(page, 'reservation')
  })

  it('and customers are readable on a narrow screen', async () => {
    for (const [path, name] of [
      ['/customers?q=marlow', 'customers-narrow'],
      [`/customers/${ada}`, 'customer-narrow'],
      ['/customers/release', 'release-narrow'],
      ['/reservations', 'reservations-narrow'],
      ['/reservations/day?day=2026-05-02', 'reservations-day-narrow'],
    ] as const) {
      const page = await world.as(admin(), at(path), { width: 390, scheme: 'dark' })
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390)
      await expectAccessible(page)
      await picture(page, name)
    }
  })
})

async function unreleased(): Promise<number> {
  const found = await query(
    world.database,
    'select from ecellar.customers where winery_id = $1 and released_at is null',
    [winery.wineryId],
  )
  return found.length
}

async function choose(page: Page, name: string, content: string): Promise<void> {
  const path = join(await mkdtemp(join(tmpdir(), 'console-test-')), name)
  await writeFile(path, content)
  await page.locator('input[type=file]').setInputFiles(path)
}
