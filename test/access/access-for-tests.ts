/** Access on a database of its own, with its mails in a list, a clock to set, and browsers that keep their cookies. */

import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect } from 'vitest'
import type { AccessMail } from '../../src/access/access-mail.ts'
import { type Access, openAccess } from '../../src/access/open-access.ts'
import { readConfig } from '../../src/config.ts'
import type { Principal, Role } from '../../src/contract/access.ts'
import { type Log, openLog } from '../../src/log.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { openSecrets } from '../pull/open-secrets.ts'

export const site = 'https://tock.ecellar.example'
export const password = 'correct horse battery'

export type World = {
  database: TestDatabase
  access: Access
  mails: AccessMail[]
  clock: { now: Date }
  /** Another process of the same installation. */
  openAgain(env?: Record<string, string>, log?: Log): Promise<Access>
  /** Adds a winery with brands. */
  addWinery(slug: string, brands?: string[]): Promise<{ wineryId: string; brandIds: string[] }>
  /** Invites somebody, who joins and signs in. */
  person(of: {
    role: Role
    wineryId?: string | null
    brandIds?: string[] | null
    name?: string
  }): Promise<Person>
  /** What the audit says, newest first. */
  audit(action?: string): Promise<{ winery_id: string | null; action: string; subject: string | null }[]>
}

export type Person = {
  userId: string
  email: string
  name: string
  browser: Browser
  principal(): Promise<Principal>
}

/** One per test file. */
export function useAccess(): World {
  const world = { mails: [] as AccessMail[], clock: { now: new Date() } } as World
  const openAgain = (env: Record<string, string> = {}, log = openLog({ level: 'silent' })) =>
    openAccess({
      database: world.database,
      secrets: openSecrets,
      config: readConfig({ PUBLIC_URL: site, ...env }, '/nowhere'),
      log,
      sendMail: async (mail) => void world.mails.push(mail),
      now: () => world.clock.now,
    })
  beforeAll(async () => {
    world.database = await freshDatabase()
    world.access = await openAgain()
  })
  afterAll(() => world.database?.drop())
  let count = 0
  return Object.assign(world, {
    openAgain,
    addWinery: async (slug: string, brands: string[] = []) => {
      const { db } = world.database
      const { winery_id } = await db
        .insertInto('wineries')
        .values({ slug, name: slug })
        .returning('winery_id')
        .executeTakeFirstOrThrow()
      const brandIds: string[] = []
      for (const code of brands) {
        count += 1
        const { brand_id } = await db
          .insertInto('brands')
          .values({ winery_id, code, name: code, business_group_id: '1', business_id: String(count) })
          .returning('brand_id')
          .executeTakeFirstOrThrow()
        brandIds.push(brand_id)
      }
      return { wineryId: winery_id, brandIds }
    },
    person: async ({
      role,
      wineryId = null,
      brandIds = null,
      name = `${role} ${count}`,
    }: {
      role: Role
      wineryId?: string | null
      brandIds?: string[] | null
      name?: string
    }) => {
      count += 1
      const email = `person-${count}@example.com`
      await world.access.invitations.invite({ actor, wineryId, email, role, brandIds })
      const { userId } = await world.access.invitations.join(tokenIn(world.mails.at(-1)), { name, password })
      const browser = openBrowser(world.access)
      expect((await browser.signIn(email)).status).toBe(200)
      const principal = async () => {
        const found = await browser.principal()
        if (!found) throw new Error('Nobody is signed in')
        return found
      }
      return { userId, email, name, browser, principal }
    },
    audit: async (action?: string) => {
      const { rows } = await sql<{ winery_id: string | null; action: string; subject: string | null }>`
        select * from ecellar.audit
        where ${action === undefined} or action = ${action ?? null}
        order by audit_id desc`.execute(world.database.db)
      return rows
    },
  })
}

/** The token behind the `#` of a mail's link. */
export function tokenIn(mail: AccessMail | undefined): string {
  if (!mail || !('link' in mail.data)) throw new Error('There is no mail with a link')
  return new URL(mail.data.link).hash.slice(1)
}

export type Browser = ReturnType<typeof openBrowser>

/** Keeps cookies and comes from an address of its own, so that one test does not use up another's tries. */
export function openBrowser(access: Access, options: { origin?: string | null; ip?: string } = {}) {
  const { origin = site, ip = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` } = options
  const cookies = new Map<string, string>()
  const headers = (): Headers => {
    const made = new Headers({ host: new URL(site).host })
    if (origin !== null) made.set('origin', origin)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie !== '') made.set('cookie', cookie)
    return made
  }
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const sent = headers()
    if (body !== undefined) sent.set('content-type', 'application/json')
    const request = new Request(`${site}/api/auth${path}`, {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const response = await access.handler(request, { ip })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return {
    cookies,
    headers,
    get: (path: string) => ask('GET', path),
    post: (path: string, body: unknown = {}) => ask('POST', path, body),
    signIn: (email: string, word: string = password) =>
      ask('POST', '/sign-in/email', { email, password: word }),
    principal: () => access.principalOf(headers()),
  }
}
