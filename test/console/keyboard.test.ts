/** The console without a mouse: only keys are pressed, and whoever looks sees where they are. */

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { query } from '../crm/customers-winery.ts'
import { useConsole } from './console-for-tests.ts'
import { type FilledWinery, filledWinery, twoWineries } from './filled-winery.ts'
import { settled, type Watched, watch } from './page-checks.ts'

const world = useConsole({ simulator: { wineries: twoWineries.slice(0, 1) } })
let winery: FilledWinery
let page: Page
let watched: Watched

beforeAll(async () => {
  winery = await filledWinery(world, {
    slug: 'larkmoor',
    name: 'Larkmoor Estates',
    businesses: ['707', '709'],
  })
  // Whoever signs in has joined before.
  const joined = await world.as({ role: 'winery admin', wineryId: winery.wineryId }, '/account')
  await joined.close()
  page = await world.open('/sign-in')
  watched = watch(page)
})

describe('with keys alone a winery admin', () => {
  it('signs in', async () => {
    await expect.poll(focused).toBe('E-mail address')
    await page.keyboard.type('robin-0@example.com')
    await tabTo('Password')
    await page.keyboard.type('correct horse battery')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Larkmoor Estates' }).waitFor()
  })

  it('skips to the page', async () => {
    await page.goto('/')
    await settled(page, watched)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
  })

  it('goes to a page of the navigation, and is told where that brings them', async () => {
    await page.goto('/')
    await settled(page, watched)
    await tabTo('Customers')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
    await expect.poll(focused).toBe('Customers')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1')
  })

  it('searches, filters and sorts a list, and opens a row', async () => {
    await settled(page, watched)
    await tabTo('Name or e-mail address')
    await page.keyboard.type('a')
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('a')
    await settled(page, watched)
    await tabTo('Origin')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).searchParams.size).toBe(2)
    await settled(page, watched)
    await tabTo('Name')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).searchParams.get('sort')).toMatch(/name/)
    await settled(page, watched)
    const [first = ''] = await page
      .getByRole('table', { name: 'Customers' })
      .locator('tbody a')
      .allInnerTexts()
    await tabTo(first)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: first, level: 1 }).waitFor()
    expect(page.url()).toMatch(/\/customers\/\d+$/)
  })

  it('maps an experience in a dialog that keeps the focus, and gives it back', async () => {
    await page.goto('/wineries/larkmoor/experiences?state=unmapped')
    await settled(page, watched)
    const dialog = page.getByRole('dialog').first()
    const name = (await page.getByRole('button', { name: /^Map / }).first().getAttribute('aria-label')) ?? ''
    await tabTo(name)
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.closest("[role=dialog]") !== null')).toBe(true)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(focused).toBe(name)
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await tabTo('Reservation type in eCELLAR')
    await page.keyboard.type('Tasting')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText(/^This touches/).waitFor()
    await tabTo('Map')
    await page.keyboard.press('Enter')
    await page.getByText(/reservations? ha(s|ve) it now/).waitFor()
    const mapped = await query(
      world.database,
      "select from ecellar.experiences where winery_id = $1 and reservation_type_id is not null and $2 like '%' || name || '%'",
      [winery.wineryId, name],
    )
    expect(mapped.length).toBeGreaterThan(0)
  })

  it('approves a waiting pull', async () => {
    await page.goto('/wineries/larkmoor/pulls?status=waiting')
    await settled(page, watched)
    await tabTo(/^Nightly pull \d+/)
    await page.keyboard.press('Enter')
    await page.getByText('Why it waits').waitFor()
    await tabTo('Approve')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await tabTo('Approve')
    await page.keyboard.press('Enter')
    await page.getByText('Applied', { exact: true }).first().waitFor()
  })

  it('signs out', async () => {
    await page.goto('/')
    await settled(page, watched)
    await tabTo(/^Robin winery admin/)
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    // The first arrow goes into the menu, the second around its end.
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toMatch(/^As the system/)
    await page.keyboard.press('ArrowUp')
    await expect.poll(focused).toBe('Sign out')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})

const nameOfFocused = `(() => {
  const { activeElement: it } = document
  return (it.getAttribute('aria-label') ?? it.labels?.[0]?.innerText ?? it.innerText ?? '').trim()
})()`
const focused = () => page.evaluate(nameOfFocused) as Promise<string>

/** Presses Tab until that has the focus; whatever had it on the way was seen to have it. */
async function tabTo(name: string | RegExp): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab')
    const here = await focused()
    const unseen = await page.evaluate(looksAsWithoutFocus)
    expect(unseen, `${here} on ${page.url()} does not show that it has the focus`).toBe(false)
    if (typeof name === 'string' ? here === name : name.test(here)) return
    passed.push(here)
  }
  throw new Error(`${name} is not reached with Tab: ${passed.join(' · ')}`)
}

/** In the browser: nothing around what has the focus looks otherwise than without it. */
const looksAsWithoutFocus = `(() => {
  const { activeElement: it } = document
  if (it === document.body) return false
  const around = it.parentElement
  for (const element of [it, around, ...around.querySelectorAll('*')]) element.style.transition = 'none'
  const look = () => [it, around, ...around.querySelectorAll('*')].map((element) => {
    const { outline, outlineOffset, boxShadow, borderColor, backgroundColor, left } = getComputedStyle(element)
    return [outline, outlineOffset, boxShadow, borderColor, backgroundColor, left].join()
  }).join(';')
  const withFocus = look()
  it.blur()
  const without = look()
  it.focus({ preventScroll: true, focusVisible: true })
  return withFocus === without
})()`
