/** Every page of a winery when there is nothing yet, while the service is slow, and when it fails. */

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { addWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { expectAccessible, useConsole } from './console-for-tests.ts'
import { type FilledWinery, filledWinery, pathOf, twoWineries } from './filled-winery.ts'
import { expectRoomForAll, settled, type Watched, watch } from './page-checks.ts'
import { pages, wineryAddresses } from './page-list.ts'

const world = useConsole({ simulator: { wineries: twoWineries.slice(0, 1) } })
let winery: FilledWinery
let page: Page
let watched: Watched
/** What the service does with what pages ask, but for who is signed in and which winery it is. */
let service: 'answers' | 'is slow' | 'fails' = 'answers'
let letThrough: (() => void)[] = []

const fault = {
  type: 'about:blank',
  title: 'Failed',
  status: 500,
  code: 'failed',
  detail: 'The service could not do this.',
  nextStep: 'Try again.',
  requestId: 'made-up-request',
}

beforeAll(async () => {
  winery = await filledWinery(world, {
    slug: 'larkmoor',
    name: 'Larkmoor Estates',
    businesses: ['707', '709'],
  })
  await addWinery(world.database.db, { slug: 'bare', name: 'Bare Hill' }, actor)
  page = await world.as({ role: 'winery admin', wineryId: winery.wineryId }, '/account')
  watched = watch(page)
  await page.route(/\/api\/v1\/wineries\/[^/]+\/(?!brands\?)/, async (route) => {
    if (service === 'is slow') await new Promise<void>((resolve) => letThrough.push(resolve))
    if (service !== 'fails') return route.continue()
    return route.fulfill({ status: 500, contentType: 'application/problem+json', json: fault })
  })
})

const asking = wineryAddresses.filter((address) => !pages[address]?.asksNothing && !pages[address]?.leadsTo)

describe('while the service is slow', () => {
  it.each(asking)('a page says that it loads: %s', async (address) => {
    service = 'is slow'
    letThrough = []
    await page.goto(pathOf(address, winery))
    await page
      .locator('[aria-label="Loading"], [aria-busy="true"], [role=status]:has-text("loading")')
      .first()
      .waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    service = 'answers'
    for (const go of letThrough) go()
    await settled(page, watched)
    expect(watched.errors.splice(0)).toEqual([])
  })
})

describe('when the service fails', () => {
  it.each(asking)('a page says so in words, and what to do: %s', async (address) => {
    service = 'fails'
    await page.goto(pathOf(address, winery))
    await page.getByRole('alert').filter({ hasText: 'The service could not do this.' }).first().waitFor()
    await settled(page, watched)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBeGreaterThan(0)
    await page.getByText('Still need help?').waitFor()
    service = 'answers'
    await page.getByRole('button', { name: 'Try again' }).first().click()
    // What the browser itself says of an answer of 500.
    const others = watched.errors.splice(0).filter((text) => !text.startsWith('Failed to load resource'))
    expect(others).toEqual([])
  })
})

describe('an address that is not there', () => {
  it.each(['/nowhere', '/wineries/nowhere', '/wineries/larkmoor/nowhere', '/wineries/larkmoor/pulls/999999'])(
    'says so, and tells how to reach Support: %s',
    async (path) => {
      await page.goto(path)
      await page
        .getByText(/There is nothing at this address|not (here|there|found)|There is no /)
        .first()
        .waitFor()
      await settled(page, watched)
      expect(await page.locator('h1').count()).toBe(1)
      expect(await page.getByText('Still need help?').count()).toBe(1)
      await expectAccessible(page)
      watched.errors.splice(0)
    },
  )
})

describe('in a winery where nothing is yet', () => {
  const bare = wineryAddresses.filter((address) => !/\$(pull|customer|reservation|brand)/.test(address))
  it.each(bare)('a page says so, and what to do next: %s', async (address) => {
    const support = await supports()
    await support.page.goto(pathOf(address, { ...winery, ids: { winery: 'bare' } }))
    await settled(support.page, support.watched)
    for (const table of await support.page.getByRole('table').all()) {
      expect(await table.locator('tbody tr').count()).toBeGreaterThan(0)
    }
    await expectAccessible(support.page)
    await expectRoomForAll(support.page)
    expect(support.watched.errors.splice(0)).toEqual([])
  })
  let begun: { page: Page; watched: Watched } | undefined
  const supports = async () => {
    if (begun) return begun
    const at = await world.as({ role: 'support' }, '/account', { width: 390 })
    begun = { page: at, watched: watch(at) }
    return begun
  }
})
