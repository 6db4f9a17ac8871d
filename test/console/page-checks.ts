/** What is asked of a page whatever it is about: it is all there, nothing lies over anything, nothing went wrong. */

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What went wrong in the browser since `watch`: errors of scripts, failed requests. */
export type Watched = { errors: string[]; isQuiet(): boolean }

export function watch(page: Page): Watched {
  const errors: string[] = []
  let underWay = 0
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('request', () => {
    underWay += 1
  })
  const over = () => {
    underWay -= 1
  }
  page.on('requestfinished', over)
  page.on('requestfailed', over)
  return { errors, isQuiet: () => underWay <= 0 }
}

const loading = '[aria-label="Loading"], [aria-busy="true"], .mantine-Skeleton-root'

/** The page stands as it will stay: nothing is asked for, nothing says that it loads. */
export async function settled(page: Page, watched: Watched): Promise<void> {
  const deadline = Date.now() + 20_000
  for (let still = 0; still < 2; ) {
    if (Date.now() > deadline) throw new Error(`${page.url()} still loads`)
    await page.waitForTimeout(40)
    const isStill =
      watched.isQuiet() &&
      (await page.locator('h1').count()) > 0 &&
      (await page.locator(loading).count()) === 0
    still = isStill ? still + 1 : 0
  }
  await page.evaluate(drawn)
}

/** In the browser: two frames on, and what moves or fades has done so. */
const drawn = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.race([
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
    new Promise((done) => setTimeout(done, 1000)),
  ]))
  .then(() => {})`

/** The same page in the system's other colours. */
export async function inDark(page: Page, look: () => Promise<void>): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.evaluate(drawn)
  await look()
  await page.emulateMedia({ colorScheme: 'light' })
}

/** One head, which is the browser's title as well; the way to help. */
export async function expectWholePage(page: Page, title: string | RegExp): Promise<void> {
  const at = page.url()
  const heads = await page.locator('h1').allInnerTexts()
  expect(heads, `the heads of ${at}`).toHaveLength(1)
  expect(heads[0], at).toEqual(typeof title === 'string' ? title : expect.stringMatching(title))
  expect(await page.title(), at).toMatch(/ · eCELLAR Tock Integration$/)
  expect((await page.title()).split(' · ')[0], at).toBe(heads[0])
  expect(await page.getByText('Still need help?').isVisible(), `the help of ${at}`).toBe(true)
}

/** Nothing sticks out of the page to the side, and no words lie over others. */
export async function expectRoomForAll(page: Page): Promise<void> {
  const { sticksOut, overlapping } = (await page.evaluate(lookForCrowds)) as {
    sticksOut: string[]
    overlapping: string[]
  }
  const where = `${page.url()} at ${page.viewportSize()?.width} pixels`
  expect(sticksOut, `sticks out of ${where}`).toEqual([])
  expect(overlapping, `lies over each other on ${where}`).toEqual([])
}

/** In the browser: every piece of text with the box it takes, as far as its scrolling frames show it. */
const lookForCrowds = `(() => {
  const width = document.documentElement.clientWidth
  const name = (element) => element.tagName.toLowerCase() + ' "' + (element.textContent ?? '').trim().slice(0, 50) + '"'
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const cutTo = (box, element) => {
    let { left, top, right, bottom } = box
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up)
      if (style.overflowX === 'visible' && style.overflowY === 'visible' && style.clipPath === 'none') continue
      const frame = up.getBoundingClientRect()
      left = Math.max(left, frame.left); right = Math.min(right, frame.right)
      top = Math.max(top, frame.top); bottom = Math.min(bottom, frame.bottom)
    }
    return { left, top, right, bottom }
  }
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const element = node.parentElement
    if (!node.data.trim() || !element || element.closest('svg, script, style, [role=tooltip], .skip-link, .mantine-Notifications-root') || !isSeen(element)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const rect of range.getClientRects()) {
      const box = cutTo(rect, element)
      if (box.right - box.left > 3 && box.bottom - box.top > 3) texts.push({ ...box, element })
    }
  }
  const overlapping = []
  for (const [index, one] of texts.entries()) {
    for (const other of texts.slice(index + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
      // Lines of one paragraph may touch.
      if (across > 2 && down > 4 && one.element !== other.element) overlapping.push(name(one.element) + ' and ' + name(other.element))
    }
  }
  const isOut = (element) => isSeen(element) && cutTo(element.getBoundingClientRect(), element.parentElement).right > width + 0.5
  const sticksOut = document.documentElement.scrollWidth > width
    ? [...document.body.querySelectorAll('*')].filter(isOut).slice(-5).map(name)
    : []
  return { sticksOut, overlapping }
})()`
