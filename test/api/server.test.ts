/** The whole service in one process: real sign-in, real sockets, an API key, a stream that is taken up again. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Access, openAccess } from '../../src/access/open-access.ts'
import { openSecrets } from '../../src/access/secrets.ts'
import { readConfig } from '../../src/config.ts'
import type { Principal, Role } from '../../src/contract/access.ts'
import { addBrand } from '../../src/crm/brands.ts'
import { changeSettings } from '../../src/crm/web-store-settings.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { type Database, openDatabase } from '../../src/database/connect.ts'
import { openLog } from '../../src/log.ts'
import { type Service, startServer } from '../../src/server.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { actor } from '../actor.ts'
import { freshDatabaseUrl } from '../database-for-tests.ts'

const password = 'correct horse battery'
let simulator: Simulator
let home: string
let dropDatabase: () => Promise<void>
let database: Database
let service: Service
let access: Access
let wineryId: string
let link: string | undefined
let stopped = false
const stop = async () => {
  if (!stopped) await service.stop()
  stopped = true
}

beforeAll(async () => {
  simulator = await startSimulator({
    now: new Date('2026-06-01T12:00:00Z'),
    wineries: [
      {
        businessGroupId: '55',
        name: 'Juniper Hill Group',
        guests: 12,
        businesses: [
          {
            businessId: '707',
            name: 'Juniper Hill Estate',
            timeZone: 'America/Los_Angeles',
            reservations: 3,
          },
        ],
      },
    ],
  })
  home = await mkdtemp(join(tmpdir(), 'ecellar-tock-server-'))
  const { url, drop } = await freshDatabaseUrl()
  dropDatabase = drop
  const env = {
    DATABASE_URL: url,
    ECELLAR_TOCK_DATA: home,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    PORT: '0',
    TOCK_API_URL: simulator.url,
  }
  const config = readConfig(env, home)
  service = await startServer(config, { api: true, pulls: 0 })
  database = await openDatabase({ databaseUrl: url, dataDir: home })
  const secrets = await openSecrets({ db: database.db, config, note: () => {} })
  access = await openAccess({
    database,
    secrets,
    config,
    log: openLog({ level: 'silent' }),
    sendMail: async (mail) => {
      if ('link' in mail.data) link = mail.data.link
    },
  })
  const { winery } = await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  wineryId = winery.winery_id
  const ids = { businessGroupId: '55', businessId: '707' }
  await addBrand(database.db, wineryId, { code: 'JH', name: 'Juniper Hill', ...ids }, actor)
  const names = { customerSource: 'Tock', customerType: 'Visitor', create: true }
  await changeSettings(database.db, wineryId, '0', names, actor)
})
afterAll(async () => {
  await stop()
  await database.close()
  await simulator.close()
  await dropDatabase()
  await rm(home, { recursive: true })
})

const at = (path: string) => new URL(path, service.address ?? '').href

const browsers = new Map<Role, Record<string, string>>()

/** Somebody who has joined and signed in; the headers are his browser's. */
async function browserOf(role: Role, of: string | null): Promise<Record<string, string>> {
  const known = browsers.get(role)
  if (known) return known
  const email = `${role.replace(' ', '-')}@example.com`
  await access.invitations.invite({ actor, wineryId: of, email, role, brandIds: null })
  await access.invitations.join(new URL(link ?? '').hash.slice(1), { name: role, password })
  const answer = await fetch(at('/api/auth/sign-in/email'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: service.address ?? '' },
    body: JSON.stringify({ email, password }),
  })
  expect(answer.status).toBe(200)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  browsers.set(role, { cookie })
  return { cookie }
}

describe('the service', () => {
  it('tells a one-time link for the first Support user, and answers', async () => {
    expect(service.firstSupportLink).toMatch(/#.{20,}$/)
    // PORT=0: links lead to the port that was taken.
    const { port } = new URL(service.address ?? '')
    expect(service.firstSupportLink).toMatch(new RegExp(`^http://localhost:${port}/join#`))
    const answer = await fetch(at('/api/v1/openapi.json'))
    expect(await answer.json()).toMatchObject({ openapi: '3.1.1' })
  })

  it('knows who signed in, and lets only its own pages write with the cookie', async () => {
    const browser = await browserOf('winery admin', wineryId)
    const me = await fetch(at('/api/v1/me'), { headers: browser })
    expect(await me.json()).toMatchObject({ role: 'winery admin', winery: 'juniper-hill' })
    const write = (headers: Record<string, string>) =>
      fetch(at('/api/v1/wineries/juniper-hill/settings'), {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ guardPercent: 30 }),
      }).then((answer) => answer.status)
    expect(await write(browser)).toBe(403)
    expect(await write({ ...browser, origin: 'https://elsewhere.example' })).toBe(403)
    expect(await write({ ...browser, origin: service.address ?? '' })).toBe(200)
  })

  it('takes an API key for what its scopes name', async () => {
    const admin = (await access.users.list({ wineryId })).find((user) => user.role === 'winery admin')
    const principal: Principal = {
      kind: 'user',
      id: admin?.userId ?? '',
      name: 'Ada',
      role: 'winery admin',
      wineryId,
      brandIds: null,
      scopes: null,
      guestsOf: [],
    }
    const made = await access.apiKeys.make({
      principal,
      name: 'till',
      scopes: ['pulls.read'],
      expiresAt: null,
    })
    const ask = (path: string, key = made.key) =>
      fetch(at(path), { headers: { authorization: `Bearer ${key}` } }).then((answer) => answer.status)
    expect(await ask('/api/v1/wineries/juniper-hill/pulls')).toBe(200)
    expect(await ask('/api/v1/wineries/juniper-hill/settings')).toBe(403)
    expect(await ask('/api/v1/wineries/juniper-hill/pulls', 'etk_unknown')).toBe(401)
  })
})

describe('the key of a winery', () => {
  it('is handed over and tried at Tock while whoever sent it waits', async () => {
    const browser = await browserOf('support', null)
    const json = { 'content-type': 'application/json' }
    const asked = await fetch(at('/api/v1/wineries/juniper-hill/key-requests'), {
      method: 'POST',
      headers: { ...browser, ...json, origin: service.address ?? '' },
      body: JSON.stringify({ mailTo: null }),
    })
    const made = (await asked.json()) as { link: string }
    expect(new URL(made.link).port).toBe(new URL(service.address ?? '').port)
    const sent = await fetch(at('/api/v1/hand-over/submit'), {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        token: new URL(made.link).hash.slice(1),
        apiKey: simulator.businesses[0]?.apiKey,
        businessGroupId: '55',
        businesses: [{ brand: 'JH', businessId: '707' }],
      }),
    })
    expect(await sent.json()).toMatchObject({
      brands: [{ state: 'tested', businessName: 'Juniper Hill Estate' }],
    })
  })
})

describe('a stream of progress', () => {
  it('is taken up where it broke, and ends with the server', async () => {
    const headers = await browserOf('support', null)
    const asked = await fetch(at('/api/v1/wineries/juniper-hill/brands/JH/previews'), {
      method: 'POST',
      headers: { ...headers, origin: service.address ?? '' },
    })
    const { requestId } = (await asked.json()) as { requestId: string }
    const events = at(`/api/v1/wineries/juniper-hill/pull-requests/${requestId}/events`)
    const gone = new AbortController()
    const first = await fetch(events, { headers, signal: gone.signal })
    expect(first.headers.get('content-type')).toContain('text/event-stream')
    const told = await readUntil(first, /data: .*\n\n/)
    expect(told).toContain('event: progress')
    expect(told).toContain('"state":"queued"')
    gone.abort()

    const lastId = /^id: (.*)$/m.exec(told)?.[1] ?? ''
    const again = await fetch(events, { headers: { ...headers, 'last-event-id': lastId } })
    const rest = again.text()
    await stop()
    // What was heard is not told again, and no end is told where there was none.
    expect(await rest).not.toMatch(/^data:/m)
  })
})

async function readUntil(answer: Response, pattern: RegExp): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  const reader = answer.body?.getReader()
  while (reader && !pattern.test(text)) {
    const { value, done } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  return text
}
