/**
 * Each role on each page: which entries of the navigation it has, which pages open to it and which answer with a word,
 * which buttons it is offered. What is right follows from the table of permissions, not from the screens.
 */

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Action,
  installationRoles,
  mayRole,
  type Role,
  roles,
  withReason,
} from '../../src/contract/access.ts'
import { query } from '../crm/customers-winery.ts'
import { useConsole } from './console-for-tests.ts'
import { type FilledWinery, filledWinery, pathOf, twoWineries } from './filled-winery.ts'
import { settled, type Watched, watch } from './page-checks.ts'
import { pages, wineryAddresses } from './page-list.ts'

const world = useConsole({ simulator: { wineries: twoWineries.slice(0, 1) } })
let winery: FilledWinery
/** Every address and every note that is a guest's, in small letters. */
let guests: { emails: Set<string>; notes: string[] }

beforeAll(async () => {
  winery = await filledWinery(world, {
    slug: 'larkmoor',
    name: 'Larkmoor Estates',
    businesses: ['707', '709'],
  })
  const rows = await query<{ email: string }>(
    world.database,
    `select distinct lower(email) as email from (
      select email from ecellar.customers union all select email from ecellar.patrons
      union all select guest_email from ecellar.reservations) as all_of_them
    where email like '%@%'`,
  )
  const notes = await query<{ notes: string }>(
    world.database,
    'select distinct notes from ecellar.reservations where length(notes) > 12',
  )
  guests = { emails: new Set(rows.map(({ email }) => email)), notes: notes.map((one) => one.notes) }
  expect(guests.emails.size).toBeGreaterThan(100)
})

const may = (role: Role, action: Action) =>
  mayRole(role, action) && !(role === 'support' && (withReason as readonly Action[]).includes(action))
const opens = (role: Role, address: string) => {
  const { needs } = pages[address] ?? {}
  return needs === undefined || needs.some((action) => mayRole(role, action))
}

type Looker = { page: Page; watched: Watched; answers: Promise<{ url: string; text: string }>[] }
const lookers = new Map<Role, Promise<Looker>>()
/** One page for each role, and all that the service answers to it. */
function as(role: Role): Promise<Looker> {
  const looker = lookers.get(role) ?? begin()
  lookers.set(role, looker)
  return looker
  async function begin() {
    const isInstallations = (installationRoles as readonly Role[]).includes(role)
    const page = await world.as({ role, wineryId: isInstallations ? null : winery.wineryId }, '/account')
    const answers: Looker['answers'] = []
    page.on('response', (response) => {
      if (!response.url().includes('/api/v1/')) return
      const text = response.text().catch(() => '')
      answers.push(text.then((body) => ({ url: response.url(), text: body })))
    })
    return { page, watched: watch(page), answers }
  }
}

async function visit(role: Role, address: string): Promise<Page> {
  const { page, watched } = await as(role)
  const href = pathOf(address, winery)
  // Within the console, as a click would: the shell stands already.
  await page.evaluate(`window.__TSR_ROUTER__.navigate({ href: ${JSON.stringify(href)} })`)
  await settled(page, watched)
  return page
}

describe.each(roles)('the role %s', (role) => {
  it('has the entries of the navigation that it may read', async () => {
    const page = await visit(role, '/wineries/$winery')
    const entries = (isSettings: boolean) =>
      Object.entries(pages)
        .filter(
          ([address, { entry }]) => entry !== undefined && address.includes('/settings/') === isSettings,
        )
        .filter(([address]) => opens(role, address))
        .map(([, { entry }]) => entry)
    const shown = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()
    expect(shown.toSorted()).toEqual(entries(false).toSorted())
    await visit(role, '/wineries/$winery/settings/web-store')
    const parts = page.getByRole('navigation', { name: 'Settings' }).getByRole('link')
    expect((await parts.allInnerTexts()).toSorted()).toEqual(entries(true).toSorted())
  })

  it.each(wineryAddresses)('opens what it may read, and is told of the rest: %s', async (address) => {
    const page = await visit(role, address)
    const told = await page.locator('main').getByText('may not do this').count()
    if (opens(role, address)) expect(told, 'told that it is not for the role').toBe(0)
    else expect(told, 'nobody says that it is not for the role').toBeGreaterThan(0)
  })

  it.each(buttons())(
    'is offered only what it may do: $name on $address',
    async ({ address, name, action }) => {
      if (!opens(role, address)) return
      const page = await visit(role, address)
      const count = await page.locator('main').getByRole('button', { name }).count()
      if (may(role, action)) expect(count).toBeGreaterThan(0)
      else expect(count).toBe(0)
    },
  )

  it('gets of guests only what it may see', async () => {
    const { answers } = await as(role)
    const found = await Promise.all(answers)
    expect(found.length).toBeGreaterThan(role === 'operator' ? 3 : 20)
    const addresses = new Set(
      found.flatMap(({ text }) => text.toLowerCase().match(/[^\s"'<>,;:()\\]+@[^\s"'<>,;:()\\]+/g) ?? []),
    )
    const seen = [...addresses].filter((address) => guests.emails.has(address))
    const notes = guests.notes.filter((note) =>
      found.some(({ text }) => text.includes(JSON.stringify(note).slice(1, -1))),
    )
    const names = found.flatMap(({ text }) => text.match(/(?<="(guestL|l)astName":")[^"…]{2,}(?=")/g) ?? [])
    if (may(role, 'guests.in-full')) {
      expect(names.length).toBeGreaterThan(10)
      expect(seen.length).toBeGreaterThan(10)
      expect(notes.length).toBeGreaterThan(0)
    } else {
      expect(names).toEqual([])
      expect(seen).toEqual([])
      expect(notes).toEqual([])
    }
  })
})

function buttons(): { address: string; name: RegExp; action: Action }[] {
  const at = '/wineries/$winery'
  const settings = `${at}/settings`
  return [
    { address: `${at}/set-up`, name: /^Add a brand/, action: 'brands.write' },
    { address: `${at}/pulls/$waiting`, name: /^Approve/, action: 'pulls.decide' },
    { address: `${at}/pulls/$waiting`, name: /^Reject/, action: 'pulls.decide' },
    { address: `${at}/exceptions`, name: /^Close \d/, action: 'exceptions.decide' },
    { address: `${at}/doubtful-matches`, name: /shared by many$/, action: 'exceptions.decide' },
    { address: `${at}/experiences`, name: /^Map /, action: 'mapping.write' },
    { address: `${at}/locations`, name: /^Map /, action: 'mapping.write' },
    { address: `${at}/customers/$customer`, name: /^Release for marketing$/, action: 'customers.release' },
    { address: `${at}/customers/$customer`, name: /^Opt out/, action: 'customers.opt-out' },
    { address: `${at}/customers/$customer`, name: /^Opt in/, action: 'customers.opt-in' },
    { address: `${at}/customers/$customer`, name: /^Save all/, action: 'customers.export-person' },
    { address: `${at}/customers/$customer`, name: /^Erase$/, action: 'customers.erase' },
    { address: `${at}/reservations/$brand/$reservation`, name: /^See guests in full$/, action: 'guests.ask' },
    { address: `${at}/segments/new`, name: /^Save as …$/, action: 'segments.write' },
    { address: `${at}/segments/$segment`, name: /^Rename$/, action: 'segments.write' },
    { address: `${at}/segments/$segment`, name: /^Remove$/, action: 'segments.write' },
    { address: `${at}/segments/$segment`, name: /^Export …$/, action: 'exports.make' },
    { address: `${at}/segments/$segment/edit`, name: /^Save$/, action: 'segments.write' },
    { address: `${at}/campaigns`, name: /^Mark a segment$/, action: 'segments.write' },
    { address: `${at}/export-schedules`, name: /^Schedule an export$/, action: 'exports.make' },
    { address: `${at}/customers/release`, name: /^Show the effect$/, action: 'customers.release' },
    { address: `${settings}/web-store`, name: /^Save$/, action: 'settings.write' },
    { address: `${settings}/winery`, name: /^Save$/, action: 'settings.write' },
    { address: `${settings}/pulls`, name: /^Save$/, action: 'settings.write' },
    { address: `${settings}/marketing`, name: /^Save$/, action: 'settings.write' },
    { address: `${settings}/shared-addresses`, name: /^Add$/, action: 'settings.write' },
    { address: `${settings}/shared-addresses`, name: /^Shared by many/, action: 'exceptions.decide' },
    { address: `${settings}/key`, name: /^Ask for/, action: 'key.ask' },
    { address: `${settings}/key`, name: /^Revoke/, action: 'key.revoke' },
    { address: `${settings}/users`, name: /^Invite somebody$/, action: 'users.write' },
    { address: `${settings}/api-keys`, name: /^Make a key$/, action: 'api-keys.write' },
    { address: `${settings}/leaving`, name: /^Delete the winery$/, action: 'wineries.leave' },
  ]
}
