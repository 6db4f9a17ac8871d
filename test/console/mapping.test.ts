/** Mapping in a real browser: the Tock Experiences List and the locations. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { june20, person, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { expectAccessible, picture, useConsole } from './console-for-tests.ts'

const world = useConsole({ simulator: { wineries: [] } })
let place: TockPlace
const past = Date.parse('2026-04-01T19:00:00Z')
const experience = (id: number, name: string) => ({ experience: { id, name, variety: 'RESERVATION' } })
const reservations = [
  ...Array.from({ length: 12 }, (_, index) => ({
    id: 1 + index,
    serviceDateTimestamp: past + index * 86_400_000,
    dinerPatron: person(1, 'one@example.com', 'One'),
    seatingOption: { id: 7, name: 'Garden Terrace' },
    ...experience(101, 'Estate Tasting for Two'),
  })),
  {
    id: 50,
    serviceDateTimestamp: june20(3),
    dinerPatron: person(2, 'two@example.com', 'Two'),
    ...experience(102, 'Cave Tour'),
  },
  {
    id: 51,
    serviceDateTimestamp: june20(5),
    dinerPatron: person(2, 'two@example.com', 'Two'),
    ...experience(103, 'Cave Tour (private)'),
  },
]
beforeAll(async () => {
  place = await tockPlace(world.database)
  await place.rows(
    `insert into ecellar.list_entries (winery_id, list, name) values (:id, 'reservation type', 'Estate Tasting'), (:id, 'location', 'Garden')`,
  )
  place.show('N', { reservations })
  await place.pull('N', 'initial')
})
afterAll(() => place?.close())

const admin = (path: string, options = {}) =>
  world.as({ role: 'winery admin', wineryId: place.wineryId }, `/wineries/${place.slug}${path}`, options)
const typesOf = (experienceId: number) =>
  place.rows<{ reservation_type: string | null; count: number }>(
    `select reservation_type, count(*)::int as count from reporting.reservations
    where winery = :winery and experience_id = '${experienceId}' group by 1`,
  )

describe('the Tock Experiences List', () => {
  it('maps an experience to a similar name, says first what that touches, and gives it to past reservations', async () => {
    const page = await admin('/experiences')
    await page.getByRole('button', { name: 'Map Estate Tasting for Two' }).waitFor()
    expect(await page.getByText('similar: Estate Tasting').count()).toBe(1)
    await expectAccessible(page)
    await picture(page, 'experiences')
    await page.getByRole('button', { name: 'Map Estate Tasting for Two' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Estate Tasting' }).click()
    await dialog.getByText('This touches 12 reservations').waitFor()
    expect(await dialog.getByRole('status').textContent()).toContain('12 past and 0 upcoming')
    expect(await typesOf(101)).toEqual([{ reservation_type: null, count: 12 }])
    await expectAccessible(page)
    await picture(page, 'experiences-map')
    await dialog.getByRole('button', { name: 'Map', exact: true }).click()
    await page.getByText('12 reservations have it now.').waitFor()
    expect(await typesOf(101)).toEqual([{ reservation_type: 'Estate Tasting', count: 12 }])
    // Undone by the notice that told of it.
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Map Estate Tasting for Two' }).waitFor()
    expect(await typesOf(101)).toEqual([{ reservation_type: null, count: 12 }])
    await page.close()
  })

  it('maps many at once to a reservation type that is created there and then, once that is ticked', async () => {
    const page = await admin('/experiences?q=cave')
    await page.getByLabel('Choose Cave Tour', { exact: true }).check()
    await page.getByLabel('Choose Cave Tour (private)').check()
    await page.getByRole('button', { name: 'Map the chosen' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reservation type in eCELLAR').fill('Tour')
    await dialog.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await dialog.getByRole('button', { name: 'Map', exact: true }).isDisabled()).toBe(true)
    await dialog.getByLabel('Create the reservation type “Tour”').check()
    await dialog.getByText('This touches 2 reservations').waitFor()
    await dialog.getByRole('button', { name: 'Map', exact: true }).click()
    await page.getByText('2 experiences: Tour').waitFor()
    expect(await typesOf(103)).toEqual([{ reservation_type: 'Tour', count: 1 }])
    await page.close()
  })

  it('is read, but not changed, by a viewer, also on a narrow screen', async () => {
    const path = `/wineries/${place.slug}/experiences`
    const page = await world.as({ role: 'viewer', wineryId: place.wineryId }, path, { width: 390 })
    await page.getByText('Cave Tour (private)').waitFor()
    expect(await page.getByRole('button', { name: /^(Map|Change|Ignore)/ }).count()).toBe(0)
    await expectAccessible(page)
    await picture(page, 'experiences-390')
    await page.close()
  })
})

describe('the locations', () => {
  it('begin with the default, which serves every area without its own', async () => {
    const page = await admin('/locations')
    await page.getByRole('button', { name: 'Map Everything without its own (default)' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Location in eCELLAR').fill('garden')
    await dialog.getByText(/^This touches \d+ reservations/).waitFor()
    await dialog.getByRole('button', { name: 'Map', exact: true }).click()
    await page.getByText('(the default)').first().waitFor()
    await expectAccessible(page)
    await picture(page, 'locations')
    const found = await place.rows(
      `select distinct location from reporting.reservations where winery = :winery`,
    )
    expect(found).toEqual([{ location: 'Garden' }])
    await page.close()
    const narrow = await admin('/locations', { width: 390, scheme: 'dark' })
    await narrow.getByText('(the default)').first().waitFor()
    await expectAccessible(narrow)
    await picture(narrow, 'locations-390')
    await narrow.close()
  })

  it('have instructions', async () => {
    const page = await admin('/experiences')
    await page.getByRole('link', { name: 'How to map' }).click()
    await page.getByRole('heading', { name: 'How to map' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'how-to-map')
    await page.close()
  })
})
