/** Segments, in a real browser: from a question to the exported audience, explained, by each role. */

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { inWinery } from '../../src/database/tenant-session.ts'
import { recordMembership } from '../../src/segments/record-membership.ts'
import { query } from '../crm/customers-winery.ts'
import { expectAccessible, picture } from './console-for-tests.ts'
import { choose, numbers, useSegmentWinery, visits } from './segment-winery.ts'

const world = useSegmentWinery()

describe('a marketer', () => {
  it('goes from a question to the exported audience, with the two numbers always there', async () => {
    const page = await world.page('marketer', '/segments')
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
    await page.goto(world.at('/segments?q=spring'))
    const row = page.getByRole('table', { name: 'Segments' }).getByRole('row').nth(1)
    expect(await row.innerText()).toMatch(/Spring regulars\s+Dynamic\s+3\s+2/)
    await picture(page, 'segments')
  })

  it('exports what is built without saving it, and what is counted in vain is given up', async () => {
    const page = await world.page(
      'marketer',
      '/segments/new?start=Regulars:+at+least+two+visits+in+12+months',
    )
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
    const { segmentId } = await world.save('Two visits, mailable', {
      kind: 'all',
      of: [visits(2), { kind: 'not', of: { kind: 'emailConsent', op: 'is', values: ['out'] } }],
    })
    const page = await world.page('marketer', `/segments/${segmentId}`)
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
    await world.save('Card: three visits', visits(3))
    const [{ customer_id } = { customer_id: '' }] = await query<{ customer_id: string }>(
      world.database,
      "select customer_id from ecellar.customers where first_name = 'Bo'",
    )
    const page = await world.page('marketer', `/customers/${customer_id}`)
    const section = page.getByRole('region', { name: 'Segments' })
    await section.getByText(/^Not in \d/).click()
    await section.getByRole('link', { name: 'Card: three visits' }).click()
    await page.getByRole('region', { name: 'Why: Bo Marlow' }).getByText('Not in the segment').waitFor()
  })

  it('renames and removes, told who uses it', async () => {
    const list = await world.save('The list', visits(1), 'static')
    await world.save('On the list', { kind: 'listed', segmentId: list.segmentId })
    const page = await world.page('marketer', `/segments/${list.segmentId}`)
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

  it('sees who entered since the last night and why, and the size as a chart', async () => {
    const segment = await world.save('The club', { kind: 'flag', flag: 'clubMember', is: true })
    const club = { first_name: 'Fay', last_name: 'Marlow', club_member: true }
    await world.winery.customer({ ...club, released_at: new Date(Date.now() + 1_000) })
    const { wineryId } = world.winery
    const later = new Date(Date.now() + 2_000)
    await inWinery(world.database.db, wineryId, (trx) => recordMembership(trx, wineryId, segment, later))
    const page = await world.page('marketer', `/segments/${segment.segmentId}`)
    const history = page.getByRole('region', { name: 'Entered and left' })
    await history.getByText('Entered: a release for marketing').waitFor()
    await history.getByText('+1', { exact: true }).waitFor()
    await history.getByRole('button', { name: 'Show who' }).click()
    await history.getByRole('link', { name: 'Fay Marlow' }).waitFor()
    await history.getByRole('button', { name: 'Show the size over time' }).click()
    await history.getByText('The figures').click()
    const figures = history.getByRole('table', { name: 'Size over time' }).getByRole('row')
    expect((await figures.allInnerTexts()).map((row) => row.replace(/^.*[AP]M/, '').trim())).toEqual([
      expect.stringMatching(/Customers\s+May be mailed/),
      expect.stringMatching(/^1\s+0$/),
      expect.stringMatching(/^0\s+0$/),
    ])
    await expectAccessible(page)
    await picture(page, 'segment-history')
  })
})

describe('roles', () => {
  it('a viewer builds and counts, sees nobody in full, and cannot ask for names', async () => {
    const names = await world.save('By name', { kind: 'text', field: 'lastName', op: 'is', value: 'Marlow' })
    const page = await world.page('viewer', '/segments/new?start=Regulars:+at+least+two+visits+in+12+months')
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
    await page.goto(world.at(`/segments/${names.segmentId}`))
    await page.getByText('This segment asks for names, addresses or notes').waitFor()
    await expectAccessible(page)
    await picture(page, 'segment-hidden')
  })

  it('a winery admin exports those who may not be mailed as well, with a reason, and marked', async () => {
    const { segmentId } = await world.save('Letters by post', visits(2))
    const page = await world.page('winery admin', `/segments/${segmentId}`)
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
    const brandIds = [world.winery.brands[0]?.brand_id ?? '']
    const page = await world.as(
      { role: 'marketer', wineryId: world.winery.wineryId, brandIds },
      world.at('/segments'),
    )
    await page.getByText('Segments are over all brands').waitFor()
    expect(
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Segments' }).count(),
    ).toBe(0)
    await expectAccessible(page)
  })
})
