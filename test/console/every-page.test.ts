/**
 * Every page, by the router's own list of addresses: a new page without an entry here fails. Each is looked at in a
 * winery with several brands and in one with one brand, wide and narrow, with something in it, with nothing, and while
 * the service is slow or down.
 */

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/contract/access.ts'
import { expectAccessible, useConsole } from './console-for-tests.ts'
import { type FilledWinery, filledWinery, pathOf, twoWineries } from './filled-winery.ts'
import { expectRoomForAll, expectWholePage, inDark, settled, type Watched, watch } from './page-checks.ts'
import { addresses, pages, wineryAddresses } from './page-list.ts'

const world = useConsole({ simulator: { wineries: twoWineries } })
let several: FilledWinery
let single: FilledWinery

beforeAll(async () => {
  several = await filledWinery(world, {
    slug: 'larkmoor',
    name: 'Larkmoor Estates',
    businesses: ['707', '709'],
  })
  single = await filledWinery(world, { slug: 'colle', name: 'Cantina Colle Sereno', businesses: ['901'] })
})

/** One page for each who looks, kept open: only addresses change. */
const looking = new Map<string, Promise<{ page: Page; watched: Watched }>>()
function looker(who: Role | 'nobody', winery: FilledWinery) {
  const key = `${who} ${who === 'winery admin' ? winery.slug : ''}`
  const begun = looking.get(key) ?? begin()
  looking.set(key, begun)
  return begun
  async function begin() {
    const { wineryId } = winery
    const page =
      who === 'nobody'
        ? await world.open('/sign-in')
        : await world.as({ role: who, wineryId: who === 'support' ? null : wineryId }, '/account')
    return { page, watched: watch(page) }
  }
}

async function visit(address: string, winery: FilledWinery) {
  const { page, watched } = await looker(pages[address]?.as ?? 'winery admin', winery)
  await page.setViewportSize({ width: 1440, height: 900 })
  watched.errors.splice(0)
  await page.goto(pathOf(address, winery))
  await settled(page, watched)
  return { page, watched }
}

describe('the list of pages', () => {
  it("is the router's: whoever adds a page adds it here", async () => {
    const { page } = await looker('nobody', several)
    const there = (await page.evaluate('Object.keys(window.__TSR_ROUTER__.routesByPath)')) as string[]
    expect(there.toSorted()).toEqual(addresses.toSorted())
  })
})

describe('the check of room', () => {
  const pageWith = async (html: string) => {
    const page = await world.browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.setContent(`<body style="margin: 0; font-size: 16px">${html}</body>`)
    return page
  }
  it('tells of what sticks out to the side, and of words over words', async () => {
    const wide = await pageWith('<p style="width: 400px">Too wide</p>')
    await expect(expectRoomForAll(wide)).rejects.toThrow('sticks out')
    const crowded = await pageWith('<p>One</p><p style="margin-top: -30px">Two</p>')
    await expect(expectRoomForAll(crowded)).rejects.toThrow('lies over each other')
    await expectRoomForAll(
      await pageWith('<p>One</p><div style="overflow: auto"><p style="width: 400px">Two</p></div>'),
    )
  })
})

describe('every page, in a winery of several brands,', () => {
  it.each(addresses)('is whole, accessible and has room, wide and narrow: %s', async (address) => {
    const { page, watched } = await visit(address, several)
    const entry = pages[address]
    if (entry?.leadsTo) expect(new URL(page.url()).pathname).toBe(pathOf(entry.leadsTo, several))
    await expectWholePage(page, entry?.title ?? '')
    await expectAccessible(page)
    await expectRoomForAll(page)
    if (entry?.alsoDark) await inDark(page, () => expectAccessible(page))
    await page.setViewportSize({ width: 390, height: 844 })
    await settled(page, watched)
    await expectAccessible(page)
    await expectRoomForAll(page)
    if (entry?.alsoDark) await inDark(page, () => expectAccessible(page))
    expect(watched.errors, address).toEqual([])
  })
})

describe('every page of a winery with one brand', () => {
  it.each(wineryAddresses)('has room and speaks of no brands: %s', async (address) => {
    const { page, watched } = await visit(address, single)
    await expectWholePage(page, pages[address]?.title ?? '')
    const words = await page.locator('main').innerText()
    const ofBrands = words.split('\n').filter((line) => /\bbrands?\b/i.test(line))
    // What was done is told in the audit as it was done.
    if (!address.endsWith('/audit')) expect(ofBrands, address).toEqual([])
    await expectRoomForAll(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await settled(page, watched)
    await expectRoomForAll(page)
    expect(watched.errors, address).toEqual([])
  })
})
