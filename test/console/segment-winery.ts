/** A winery with a few customers and their visits, for the tests of segments in a browser. */

import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import type { Role } from '../../src/contract/access.ts'
import { readDefinition, type SegmentDefinition } from '../../src/contract/segment.ts'
import { type SavedSegment, saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { type ConsoleForTests, useConsole } from './console-for-tests.ts'

type Where = SegmentDefinition['where']

export type SegmentWinery = ConsoleForTests & {
  winery: BookedWinery
  at(path: string): string
  /** A page at a path of the winery. */
  page(role: Role, path: string): Promise<Page>
  save(name: string, where: Where, kind?: 'dynamic' | 'static'): Promise<SavedSegment>
}

/** One per test file: Ada came three times, Bo and Cy twice, Di once, Ed never; Cy opted out, nobody knows of Ed. */
export function useSegmentWinery(): SegmentWinery {
  const world = useConsole({ simulator: { wineries: [] } }) as SegmentWinery
  beforeAll(async () => {
    world.winery = await bookedWinery(world.database)
    for (const [first_name, consent, days] of [
      ['Ada', 'in', ['2026-02-03', '2026-04-04', '2026-05-02']],
      ['Bo', 'in', ['2026-03-10', '2026-05-20']],
      ['Cy', 'out', ['2026-01-07', '2026-05-21']],
      ['Di', 'in', ['2026-05-22']],
      ['Ed', 'unknown', []],
    ] as const) {
      const customerId = await world.winery.customer({
        first_name,
        last_name: 'Marlow',
        email: `${first_name.toLowerCase()}.marlow@example.com`,
        email_consent: consent,
        tags: first_name === 'Di' ? ['vip'] : [],
      })
      const patronId = await world.winery.guest(customerId, { first_name, last_name: 'Marlow' })
      for (const day of days)
        await world.winery.reservation({ customerId, patronId, day }, { status: 'Completed' })
    }
  })
  const at = (path: string) => `/wineries/${world.winery.winery.slug}${path}`
  return Object.assign(world, {
    at,
    page: (role: Role, path: string) =>
      world.as({ role, wineryId: role === 'support' ? null : world.winery.wineryId }, at(path)),
    save: (name: string, where: Where, kind: 'dynamic' | 'static' = 'dynamic') =>
      saveSegment(
        { db: world.database.db, wineryId: world.winery.wineryId, actor, now: new Date() },
        { name, kind, definition: readDefinition({ version: 1, where }) },
      ),
  })
}

export const visits = (n: number) =>
  ({ kind: 'count', of: 'visits', times: { is: 'atLeast', n } }) satisfies Where

/** The two numbers, as they are said. */
export const numbers = (page: Page, matching: number, mayMail: number) =>
  expect
    .poll(() => page.getByRole('status').filter({ hasText: 'may be mailed' }).first().innerText(), {
      timeout: 10_000,
    })
    .toMatch(new RegExp(`^${matching}\\s+customers? match(es)?\\s+${mayMail}\\s+may be mailed$`))

/** In the last field of that name. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.locator('main').getByRole('combobox', { name: label, exact: true }).last().click()
  await page.getByRole('option', { name: option, exact: true }).click()
}
