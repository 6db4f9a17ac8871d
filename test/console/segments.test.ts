/** Segments, in a real browser: built, explained, saved, exported; by keyboard alone; by each role. */

import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/contract/access.ts'
import { readDefinition, type SegmentDefinition } from '../../src/contract/segment.ts'
import { saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { query } from '../crm/customers-winery.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'
import { expectRoomForAll, inDark, settled, watch } from './page-checks.ts'

const world = useConsole({ simulator: { wineries: [] } })
let winery: BookedWinery

beforeAll(async () => {
  winery = await bookedWinery(world.database)
  for (const [first_name, consent, days] of [
    ['Ada', 'in', ['2026-02-03', '2026-04-04', '2026-05-02']],
    ['Bo', 'in', ['2026-03-10', '2026-05-20']],
    ['Cy', 'out', ['2026-01-07', '2026-05-21']],
    ['Di', 'in', ['2026-05-22']],
    ['Ed', 'unknown', []],
  ] as const) {
    const customerId = await winery.customer({
      first_name,
      last_name: 'Marlow',
      email: `${first_name.toLowerCase()}.marlow@example.com`,
      email_consent: consent,
      tags: first_name === 'Di' ? ['vip'] : [],
    })
    const patronId = await winery.guest(customerId, { first_name, last_name: 'Marlow' })
    for (const day of days) await winery.reservation({ customerId, patronId, day }, { status: 'Completed' })
  }
})

const at = (path: string) => `/wineries/${winery.winery.slug}${path}`
const as = (role: Role, path: string, options = {}) =>
  world.as({ role, wineryId: role === 'support' ? null : winery.wineryId }, at(path), options)
const save = (name: string, where: SegmentDefinition['where'], kind: 'dynamic' | 'static' = 'dynamic') =>
  saveSegment(
    { db: world.database.db, wineryId: winery.wineryId, actor, now: new Date() },
    { name, kind, definition: readDefinition({ version: 1, where }) },
  )
const visits = (n: number) =>
  ({ kind: 'count', of: 'visits', times: { is: 'atLeast', n } }) satisfies SegmentDefinition['where']
const numbers = (page: Page, matching: number, mayMail: number) =>
  expect
    .poll(() => page.getByRole('status').filter({ hasText: 'may be mailed' }).first().innerText(), {
      timeout: 10_000,
    })
    .toMatch(new RegExp(`^${matching}\\s+customers? match(es)?\\s+${mayMail}\\s+may be mailed$`))
const choose = async (page: Page, label: string, option: string, within = page.locator('main')) => {
  await within.getByRole('combobox', { name: label, exact: true }).last().click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

describe('a marketer', () => {
  it('goes from a question to the exported audience, with the two numbers always there', async () => {
    const page = await as('marketer', '/segments')
    await page.getByText('No segment is saved yet').waitFor()
    await expectAccessible(page)
    await picture(page, 'segments-empty')
    await page.getByRole('link', { name: /Start from it: Regulars/ }).click()
    await numbers(page, 3, 2)
    await page.getByText('Customers with at least 2 visits at any brand in the last 12 months.').waitFor()
    await page.getByText('Opted out').waitFor()
    await page.getByText(/JH: Jun 14, 2026/).waitFor()
    await page
      .getByRole('table', { name: 'Sample of customers' })
      .getByText('cy.marlow@example.com')
      .waitFor()
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByText('One condition is not finished, and does not count.').waitFor()
    await page.getByText('Choose what this condition is about.').waitFor()
    await numbers(page, 3, 2)
    await choose(page, 'What it is about', 'Last visit')
    await page.getByLabel('How long').last().fill('400')
    await choose(page, 'When', 'longer ago than')
    await numbers(page, 0, 0)
    await choose(page, 'When', 'in the last')
    await numbers(page, 3, 2)
    await expectAccessible(page)
    await picture(page, 'builder')

    await page.getByRole('button', { name: 'Save as …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Spring regulars')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('heading', { name: 'Spring regulars', level: 1 }).waitFor()
    await numbers(page, 3, 2)
    await page.getByText('Nobody entered or left.').waitFor()
    await page.getByText('It was never exported.').waitFor()
    await expectAccessible(page)
    await picture(page, 'segment')

    await page.getByRole('button', { name: 'Export …' }).click()
    await expectAccessible(page)
    await picture(page, 'segment-export')
    await dialog.getByLabel('Tags').check()
    expect(await dialog.getByText('who may not be mailed').count()).toBe(0)
    const coming = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export 2 customers' }).click()
    const file = await coming
    expect(file.suggestedFilename()).toMatch(/^spring-regulars-\d{4}-\d{2}-\d{2}\.csv$/)
    const text = await readFile(await file.path(), 'utf8')
    expect(text.split('\n')[0]).toContain('tags')
    expect(text).toContain('ada.marlow@example.com')
    expect(text).not.toContain('cy.marlow@example.com')
    await dialog.getByText('2 customers exported').waitFor()
    await picture(page, 'segment-exported')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('table', { name: 'Past exports' }).getByText('Robin marketer').waitFor()
    await page.goto(at('/segments?q=spring'))
    const row = page.getByRole('table', { name: 'Segments' }).getByRole('row').nth(1)
    expect(await row.innerText()).toMatch(/Spring regulars\s+Dynamic\s+3\s+2/)
    await picture(page, 'segments')
  })

  it('exports what is built without saving it, and what is counted in vain is given up', async () => {
    const page = await as('marketer', '/segments/new?start=Regulars:+at+least+two+visits+in+12+months')
    await numbers(page, 3, 2)
    // The service takes its time: by then the question is another one.
    const givenUp: string[] = []
    page.on('requestfailed', (request) => givenUp.push(request.postData() ?? ''))
    await page.route('**/segments/count', async (route) => {
      if (route.request().postData()?.includes('"n":77}'))
        await new Promise((done) => setTimeout(done, 3_000))
      await route.continue().catch(() => {})
    })
    const times = page.getByRole('group', { name: 'Condition 1' }).getByLabel('How many')
    await times.fill('77')
    await page.waitForRequest((request) => request.postData()?.includes('"n":77}') ?? false)
    await times.fill('3')
    await numbers(page, 1, 1)
    expect(givenUp.some((body) => body.includes('"n":77}'))).toBe(true)
    await page.getByRole('button', { name: 'Export …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('JSON Lines, for programs').check()
    const coming = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export 1 customer' }).click()
    const file = await coming
    expect(file.suggestedFilename()).toMatch(/\.jsonl$/)
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({
      email: 'ada.marlow@example.com',
      may_mail: true,
    })
    await dialog.getByText('1 customer exported').waitFor()
  })

  it('is told for anybody why in or out, with the reservations that decided', async () => {
    const { segmentId } = await save('Two visits, mailable', {
      kind: 'all',
      of: [visits(2), { kind: 'not', of: { kind: 'emailConsent', op: 'is', values: ['out'] } }],
    })
    const page = await as('marketer', `/segments/${segmentId}`)
    await page.getByRole('combobox', { name: 'Customer' }).fill('cy.mar')
    await page.getByRole('option', { name: /Cy Marlow/ }).click()
    const why = page.getByRole('region', { name: 'Why: Cy Marlow' })
    await why.getByText('Not in the segment').waitFor()
    await why.getByText('Not to be mailed: opted out').waitFor()
    expect(await why.innerText()).toMatch(/No: All of these hold/)
    expect(await why.innerText()).toMatch(/Yes: With at least 2 visits at any brand/)
    expect(await why.innerText()).toMatch(/No: None of these holds\s+Yes: Whose consent is opted out/)
    await why.getByRole('link', { name: /May 21, 2026 2:00 PM/ }).waitFor()
    await expectAccessible(page)
    await picture(page, 'segment-explained')
    // Those of the sample are asked about by a click.
    await page.getByRole('button', { name: 'Why is Bo Marlow in it?' }).click()
    await page.getByRole('region', { name: 'Why: Bo Marlow' }).getByText('In the segment').waitFor()
  })

  it('finds a customer’s segments on the card, and from there why', async () => {
    await save('Card: three visits', visits(3))
    const [{ customer_id } = { customer_id: '' }] = await query<{ customer_id: string }>(
      world.database,
      "select customer_id from ecellar.customers where first_name = 'Bo'",
    )
    const page = await as('marketer', `/customers/${customer_id}`)
    const section = page.getByRole('region', { name: 'Segments' })
    await section.getByText(/^Not in \d/).click()
    await section.getByRole('link', { name: 'Card: three visits' }).click()
    await page.getByRole('region', { name: 'Why: Bo Marlow' }).getByText('Not in the segment').waitFor()
  })

  it('keeps what is begun over a reload, and is asked before leaving it', async () => {
    const page = await as('marketer', '/segments/new')
    page.on('dialog', (dialog) => dialog.accept())
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await choose(page, 'What it is about', 'Tags')
    await page.getByRole('combobox', { name: 'Tags' }).click()
    await page.getByRole('option', { name: 'vip' }).click()
    await page.getByText('Customers with the tag “vip”.').waitFor()
    await page.reload()
    await page.getByText('This is what you had begun; it is not saved.').waitFor()
    await page.getByText('Customers with the tag “vip”.').waitFor()
    expect(page.url()).not.toContain('vip')
    await page.getByRole('link', { name: 'Customers', exact: true }).click()
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(new URL(page.url()).pathname).toBe(at('/segments/new'))
    await page.getByRole('link', { name: 'Customers', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
    await page.goto(at('/segments/new'))
    await page.getByText('Add a condition to say who you mean.').waitFor()
  })

  it('renames and removes, told who uses it', async () => {
    const list = await save('The list', visits(1), 'static')
    await save('On the list', { kind: 'listed', segmentId: list.segmentId })
    const page = await as('marketer', `/segments/${list.segmentId}`)
    const dialog = page.getByRole('dialog')
    await page.getByText(/A list: whoever matched on/).waitFor()
    await page.getByRole('button', { name: 'Rename' }).click()
    await dialog.getByLabel('Name').fill('On the list')
    await dialog.getByRole('button', { name: 'Rename' }).click()
    await dialog.getByText('There is a segment "On the list" already.').waitFor()
    await dialog.getByLabel('Name').fill('The spring list')
    await dialog.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('heading', { name: 'The spring list', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await dialog.getByText('by the segment “On the list”, which would find nobody on this list').waitFor()
    await picture(page, 'segment-remove')
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('heading', { name: 'Segments', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'The spring list' }).waitFor({ state: 'detached' })
  })

  it('changes a saved one, and what is wrong stands at the condition', async () => {
    const { segmentId } = await save('To change', visits(1))
    const page = await as('marketer', `/segments/${segmentId}/edit`)
    await numbers(page, 4, 3)
    await page.getByRole('button', { name: 'Add a detail' }).click()
    await page.getByRole('menuitem', { name: 'When' }).click()
    await choose(page, 'When', 'between two days')
    await page.getByText('Give the first day, the last day, or both.').waitFor()
    await page.getByLabel('First day').fill('2026-05-01')
    await page.getByLabel('Last day').fill('2026-04-01')
    await page.getByText('The first day is after the last one.').waitFor()
    await page.getByText('Nothing is counted before what is wrong on the left is put right.').waitFor()
    await expectAccessible(page)
    await page.getByLabel('Last day').fill('2026-05-10')
    await numbers(page, 1, 1)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page
      .getByText('Customers with at least 1 visit at any brand from May 1, 2026 to May 10, 2026.')
      .waitFor()
    await numbers(page, 1, 1)
  })

  it('is told of a name that the winery does not have any more', async () => {
    const gone = { ...visits(1), locations: ['Old barn'] }
    await query(
      world.database,
      `insert into ecellar.list_entries (winery_id, list, name) values ($1, 'location', 'Old barn') returning 1`,
      [winery.wineryId],
    )
    const { segmentId } = await save('At the barn', gone)
    await query(world.database, `delete from ecellar.list_entries where name = 'Old barn' returning 1`)
    const page = await as('marketer', `/segments/${segmentId}/edit`)
    await page.getByText('This winery has no location “Old barn” (any more). Choose another one.').waitFor()
    await picture(page, 'builder-wrong')
  })
})

describe('the builder', () => {
  it('is used by the keyboard alone', async () => {
    const page = await as('marketer', '/segments/new')
    const add = page.getByRole('button', { name: 'Add a condition' })
    await add.focus()
    await page.keyboard.press('Enter')
    // The new condition has the keyboard.
    await page.getByText('Choose what this condition is about.').waitFor()
    await page.keyboard.type('Visits')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const condition = page.getByRole('group', { name: 'Condition 1' })
    await condition.getByLabel('How many').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('2')
    await page.getByText('Customers with at least 2 visits at any brand.').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'When' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('Customers with at least 2 visits at any brand in the last 12 months.').waitFor()
    await numbers(page, 3, 2)
    const takeAway = page.getByRole('button', { name: 'Take away: condition 1' })
    await takeAway.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Add a condition to say who you mean.').waitFor()
    // What went had the keyboard: it is where the next one would be added.
    await expect.poll(() => page.locator('button:focus').innerText()).toBe('Add a condition')
  })

  it('nests groups, with a label on every control, in both colour schemes and on a phone', async () => {
    const { segmentId } = await save('Everything', {
      kind: 'all',
      of: [
        {
          ...visits(1),
          brands: ['JH'],
          locations: [null],
          reservationTypes: [null],
          statuses: ['Completed'],
          partySize: { min: 2, max: 6 },
          weekdays: [6, 7],
          timeOfDay: { from: '10:00', to: '17:30' },
          notesContain: 'anniversary',
          bookedAhead: { min: 1 },
          in: { kind: 'last', n: 12, unit: 'months' },
        },
        {
          kind: 'any',
          of: [
            { kind: 'customerType', op: 'isNot', values: [null] },
            { kind: 'tags', op: 'any', values: ['vip'] },
            {
              kind: 'not',
              of: {
                kind: 'any',
                of: [
                  { kind: 'text', field: 'email', op: 'endsWith', value: '.example' },
                  { kind: 'hasText', field: 'firstName', is: false },
                ],
              },
            },
          ],
        },
        { kind: 'created', in: { kind: 'between', from: '2026-01-01' } },
        { kind: 'firstVisit', in: { kind: 'earlier', n: 1, unit: 'years' } },
        { kind: 'optedInAt', brand: 'OA', is: false },
      ],
    })
    const page = await as('marketer', `/segments/${segmentId}/edit`)
    await page.getByRole('group', { name: 'Condition 2.3.2', exact: true }).waitFor()
    await page.getByRole('status').filter({ hasText: 'may be mailed' }).first().waitFor()
    const unnamed = await page.locator('main').getByRole('combobox', { name: /^$/ }).count()
    expect(unnamed).toBe(0)
    await expectAccessible(page)
    await picture(page, 'builder-everything')
    await inDark(page, async () => {
      await expectAccessible(page)
      await picture(page, 'builder-everything-dark')
    })
    const watched = watch(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await settled(page, watched)
    await expectRoomForAll(page)
    await expectAccessible(page)
    await picture(page, 'builder-everything-390')
  })
})

describe('roles', () => {
  it('a viewer builds and counts, sees nobody in full, and cannot ask for names', async () => {
    const names = await save('By name', { kind: 'text', field: 'lastName', op: 'is', value: 'Marlow' })
    const page = await as('viewer', '/segments/new?start=Regulars:+at+least+two+visits+in+12+months')
    await numbers(page, 3, 2)
    await page.getByText('Names and addresses are shortened').waitFor()
    expect(await page.locator('main').innerText()).not.toContain('marlow@example.com')
    expect(await page.getByRole('button', { name: 'Save as …' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Export …' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await choose(page, 'What it is about', 'Last name')
    await page.getByRole('combobox', { name: 'How', exact: true }).last().click()
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['is there', 'is missing'])
    page.on('dialog', (dialog) => dialog.accept())
    await page.goto(at(`/segments/${names.segmentId}`))
    await page.getByText('This segment asks for names, addresses or notes').waitFor()
    await expectAccessible(page)
    await picture(page, 'segment-hidden')
  })

  it('a winery admin exports those who may not be mailed as well, with a reason, and marked', async () => {
    const { segmentId } = await save('Letters by post', visits(2))
    const page = await as('winery admin', `/segments/${segmentId}`)
    await page.getByRole('button', { name: 'Export …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Also the 1 who may not be mailed').check()
    const button = dialog.getByRole('button', { name: 'Export 3 customers' })
    expect(await button.isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('Letters by post')
    await picture(page, 'segment-export-all')
    const coming = page.waitForEvent('download')
    await button.click()
    const file = await coming
    expect(file.suggestedFilename()).toMatch(/^NOT-FOR-MAILING-letters-by-post/)
    expect(await readFile(await file.path(), 'utf8')).toMatch(/not for mailing,.*cy\.marlow@example\.com/)
    await dialog.getByText('3 customers exported').waitFor()
  })

  it('whoever is limited to a brand is told that segments are over all', async () => {
    const brandIds = [winery.brands[0]?.brand_id ?? '']
    const page = await world.as({ role: 'marketer', wineryId: winery.wineryId, brandIds }, at('/segments'))
    await page.getByText('Segments are over all brands').waitFor()
    expect(
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Segments' }).count(),
    ).toBe(0)
    await expectAccessible(page)
  })
})
