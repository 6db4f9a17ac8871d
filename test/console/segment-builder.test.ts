/** The builder of segments, in a real browser: drafts, what is wrong, the keyboard alone, every control with its label. */

import { describe, expect, it } from 'vitest'
import { query } from '../crm/customers-winery.ts'
import { expectAccessible, picture } from './console-for-tests.ts'
import { expectRoomForAll, inDark, settled, watch } from './page-checks.ts'
import { choose, numbers, useSegmentWinery, visits } from './segment-winery.ts'

const world = useSegmentWinery()

describe('the builder', () => {
  it('keeps what is begun over a reload, and is asked before leaving it', async () => {
    const page = await world.page('marketer', '/segments/new')
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
    expect(new URL(page.url()).pathname).toBe(world.at('/segments/new'))
    await page.getByRole('link', { name: 'Customers', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
    await page.goto(world.at('/segments/new'))
    await page.getByText('Add a condition to say who you mean.').waitFor()
  })

  it('changes a saved one, and what is wrong stands at the condition', async () => {
    const { segmentId } = await world.save('To change', visits(1))
    const page = await world.page('marketer', `/segments/${segmentId}/edit`)
    await numbers(page, 4, 3)
    await page.getByRole('button', { name: 'Add a detail' }).click()
    await page.getByRole('menuitem', { name: 'When' }).click()
    await choose(page, 'When', 'between two days')
    await page.getByText('Give the first day, the last day, or both.').waitFor()
    await page.getByLabel('First day').fill('2026-05-01')
    await page.getByLabel('Last day').fill('2026-04-01')
    await page.getByText('The first day is after the last one.').waitFor()
    await page.getByText('Nothing is counted before what is wrong in the conditions is put right.').waitFor()
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
      [world.winery.wineryId],
    )
    const { segmentId } = await world.save('At the barn', gone)
    await query(world.database, `delete from ecellar.list_entries where name = 'Old barn' returning 1`)
    const page = await world.page('marketer', `/segments/${segmentId}/edit`)
    await page.getByText('This winery has no location “Old barn” (any more). Choose another one.').waitFor()
    await picture(page, 'builder-wrong')
  })

  it('is used by the keyboard alone', async () => {
    const page = await world.page('marketer', '/segments/new')
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
    const { segmentId } = await world.save('Everything', {
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
    const page = await world.page('marketer', `/segments/${segmentId}/edit`)
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
