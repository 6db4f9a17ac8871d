/**
 * The whole service in the test's process (database, Tock, worker, API, built console) and a browser in front of it.
 * `as(role)` opens a page on which somebody of that role is signed in.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import AxeSource from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { AccessMail } from '../../src/access/access-mail.ts'
import { type Access, openAccess } from '../../src/access/open-access.ts'
import { buildApi } from '../../src/api/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Role } from '../../src/contract/access.ts'
import { openLog } from '../../src/log.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { jobsForTests, type TestJobs } from '../jobs/worker-for-tests.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { openBrowser } from './browser.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const password = 'correct horse battery'

export type ConsoleForTests = {
  database: TestDatabase
  access: Access
  jobs: TestJobs
  simulator: Simulator
  /** Where the console answers. */
  url: string
  /** Mails of sign-in, invitations, hand-over: as they were put, newest last. */
  mails: AccessMail[]
  browser: Browser
  /** A page on which nobody is signed in. */
  open(path: string, options?: PageOptions): Promise<Page>
  /** A page on which somebody of this role is signed in; the same person every time. */
  as(
    who: { role: Role; wineryId?: string | null; brandIds?: string[] | null },
    path: string,
    options?: PageOptions,
  ): Promise<Page>
}

type PageOptions = {
  width?: number
  scheme?: 'light' | 'dark'
  timezone?: string
}

/** One per test file. */
export function useConsole(options: { simulator?: SimulatorOptions } = {}): ConsoleForTests {
  const world = {} as ConsoleForTests & { stop: (() => Promise<unknown>)[] }
  const people = new Map<string, { email: string; cookies: { name: string; value: string }[] }>()
  beforeAll(async () => {
    buildConsole()
    world.stop = []
    world.mails = []
    world.database = await freshDatabase()
    world.stop.push(() => world.database.drop())
    world.simulator = await startSimulator(options.simulator)
    world.stop.push(() => world.simulator.close())
    world.jobs = await jobsForTests(world.database, world.simulator.url)
    world.stop.push(() => world.jobs.close())
    await world.jobs.startWorker()
    const config = readConfig(
      {
        PORT: String(await freePort()),
        TOCK_API_URL: world.simulator.url,
        SMTP_URL: 'smtp://localhost:2525',
      },
      '/nowhere',
    )
    const log = openLog({ level: 'silent' })
    const clock = () => new Date()
    const { database } = world
    world.access = await openAccess({
      database,
      secrets: openSecrets,
      config,
      log,
      sendMail: async (mail) => void world.mails.push(mail),
      now: clock,
    })
    const limits = { signedIn: 100_000, address: 100_000, guessable: 100_000 }
    const parts = { database, secrets: openSecrets, access: world.access, config, log, clock, limits }
    const app = await buildApi({ ...parts, queue: world.jobs.queue })
    world.stop.push(() => app.close())
    await app.listen({ port: config.port, host: 'localhost' })
    world.url = `http://localhost:${config.port}`
    world.browser = await openBrowser()
    world.stop.push(() => world.browser.close())
  })
  afterAll(async () => {
    for (const stop of (world.stop ?? []).reverse()) await stop().catch(console.error)
  })

  // What a page showed when a test failed is most of the answer.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    const pages = (world.browser?.contexts() ?? []).flatMap((context) => context.pages())
    for (const [index, page] of pages.entries()) {
      const path = await picture(page, `failed-${task.id}-${index}`).catch(() => 'no picture')
      console.error(`${page.url()} looked so: ${path}`)
    }
  })

  const contextOf = ({
    width = 1440,
    scheme = 'light',
    timezone = 'America/Los_Angeles',
  }: PageOptions = {}) =>
    world.browser.newContext({
      baseURL: world.url,
      viewport: { width, height: 900 },
      colorScheme: scheme,
      locale: 'en-US',
      timezoneId: timezone,
      reducedMotion: 'reduce',
    })
  const pageAt = async (context: Awaited<ReturnType<typeof contextOf>>, path: string) => {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => console.error('On the page:', error))
    await page.goto(path)
    return page
  }
  return Object.assign(world, {
    async open(path: string, pageOptions?: PageOptions) {
      return pageAt(await contextOf(pageOptions), path)
    },
    async as(
      who: { role: Role; wineryId?: string | null; brandIds?: string[] | null },
      path: string,
      pageOptions?: PageOptions,
    ) {
      const context = await contextOf(pageOptions)
      const key = JSON.stringify(who)
      const known = people.get(key) ?? (await joined(world, who, people.size))
      people.set(key, known)
      if (known.cookies.length === 0) known.cookies = await cookiesOf(world.url, known.email)
      await context.addCookies(known.cookies.map((cookie) => ({ ...cookie, url: world.url })))
      return pageAt(context, path)
    },
  })
}

/** Every rule of axe, on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AxeSource.source)
  const found = (await page.evaluate(
    // In the browser.
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map((one) => one.id + ": " + one.help + " — " + one.nodes.map((node) => node.html + " " + (node.any[0]?.message ?? "")).join(" | ")))',
  )) as string[]
  expect(found, page.url()).toEqual([])
}

/** A picture to look at, in a temporary folder. @returns its path */
export async function picture(page: Page, name: string): Promise<string> {
  const folder = join(tmpdir(), 'ecellar-tock-pictures')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, fullPage: true })
  return path
}

async function joined(
  world: ConsoleForTests,
  who: { role: Role; wineryId?: string | null; brandIds?: string[] | null },
  count: number,
) {
  const { role, wineryId = null, brandIds = null } = who
  const email = `robin-${count}@example.com`
  await world.access.invitations.invite({ actor, wineryId, email, role, brandIds })
  const mail = world.mails.at(-1)
  if (!mail || !('link' in mail.data)) throw new Error('There is no invitation')
  const token = new URL(mail.data.link).hash.slice(1)
  await world.access.invitations.join(token, { name: `Robin ${role}`, password })
  return { email, cookies: [] as { name: string; value: string }[] }
}

async function cookiesOf(url: string, email: string): Promise<{ name: string; value: string }[]> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })
  expect(answer.status).toBe(200)
  return answer.headers.getSetCookie().map((line) => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    return { name, value }
  })
}

/** The built console is the one of these sources. */
export function buildConsole(): void {
  const built = join(root, 'dist/console/index.html')
  const files = globSync('src/{console,contract}/**/*.{ts,tsx,css,html}', { cwd: root })
  const newest = Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  execFileSync(process.execPath, [join(root, 'bin/build-console.js')], { cwd: root, stdio: 'inherit' })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}
