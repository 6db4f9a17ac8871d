/**
 * The whole program, from its first start on, with good and failing pulls, sign-in, keys and wrong requests: what it
 * prints is lines of JSON that name nobody, and what it keeps outside of the tables opens nothing.
 */

import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAccess } from '../../src/access/open-access.ts'
import { openSecrets } from '../../src/access/secrets.ts'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import { readConfig } from '../../src/config.ts'
import { addBrand } from '../../src/crm/brands.ts'
import { changeSettings } from '../../src/crm/web-store-settings.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { openDatabase } from '../../src/database/connect.ts'
import { openLog } from '../../src/log.ts'
import type { FaultKind } from '../../src/simulator/faults.ts'
import { neverKept } from '../../src/simulator/sentinels.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { actor } from '../actor.ts'
import { ended, startProgram } from './run-program.ts'

const password = 'a password that nobody may read'
const wrongPassword = 'another password of theirs'
const guest = 'grace.hopper@example.com'
const metricsToken = 'the token of the monitoring 0123456789'

let home: string
let simulator: Simulator
/** What the program printed on standard error: its log. */
let log: string
let stdout: string
/** What opens something, wherever it would stand. */
const secrets: string[] = [password, wrongPassword, metricsToken]
const people = { emails: new Set<string>(), names: new Set<string>() }
const pullIds: string[] = []

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ecellar-tock-leaks-'))
  // As root the database server is another user, and would lie elsewhere.
  await chmod(home, 0o755)
  await mkdir(join(home, 'tmp'))
  simulator = await startSimulator({
    wineries: [
      {
        businessGroupId: '12',
        name: 'Small Group',
        guests: 120,
        businesses: [
          { businessId: '121', name: 'North Slope', timeZone: 'America/Los_Angeles', reservations: 240 },
        ],
      },
    ],
  })
  const tockKey = simulator.businesses[0]?.apiKey ?? ''
  secrets.push(tockKey)
  for (const who of simulator.truth('121').guests()) {
    if (who.email) people.emails.add(who.email)
    for (const name of [who.firstName, who.lastName]) if (name && name.length > 4) people.names.add(name)
  }
  const env = {
    ECELLAR_TOCK_DATA: join(home, 'data'),
    TOCK_API_URL: simulator.url,
    PORT: '0',
    METRICS_TOKEN: metricsToken,
    TMPDIR: join(home, 'tmp'),
    // It is the program itself, and has the words that are looked for.
    NODE_DISABLE_COMPILE_CACHE: '1',
  }
  const child = startProgram(['start', '--pulls', '1'], { env, cwd: home })
  const whole = ended(child)
  const ready = await new Promise<{ address: string; pid: number; firstSupportLink: string }>(
    (resolve, reject) => {
      child.stdout?.once('data', (chunk) => resolve(JSON.parse(String(chunk))))
      void whole.then(({ stderr }) => reject(new Error(stderr)))
    },
  )
  secrets.push(new URL(ready.firstSupportLink).hash.slice(1))
  try {
    await live(ready, env, tockKey)
  } finally {
    process.kill(ready.pid, 'SIGTERM')
  }
  const end = await whole
  log = end.stderr
  stdout = end.stdout
  expect(end.code).toBe(0)
}, 300_000)
afterAll(async () => {
  await simulator?.close()
  await rm(home, { recursive: true, force: true })
})

/** A day of the program. */
async function live(
  ready: { address: string; firstSupportLink: string },
  env: Record<string, string>,
  tockKey: string,
): Promise<void> {
  const config = readConfig(env, home)
  const database = await openDatabase({ dataDir: config.dataDir })
  const sealed = await openSecrets({ db: database.db, config, note: () => {} })
  const access = await openAccess({
    database,
    secrets: sealed,
    config,
    log: openLog({ level: 'silent' }),
    sendMail: async (mail) => {
      if ('link' in mail.data) secrets.push(new URL(mail.data.link).hash.slice(1))
    },
  })
  const { winery } = await addWinery(database.db, { slug: 'hill', name: 'Hill' }, actor)
  const wineryId = winery.winery_id
  const ids = { businessGroupId: '12', businessId: '121' }
  await addBrand(database.db, wineryId, { code: 'H', name: 'Hill', ...ids }, actor)
  await changeSettings(
    database.db,
    wineryId,
    '0',
    { customerSource: 'Tock', customerType: 'Visitor', create: true },
    actor,
  )
  await storeTockKey(database.db, sealed, { wineryId, brandId: '0', key: tockKey, actor })
  const join = (link: string) =>
    access.invitations.join(link, { name: 'Katherine Johnson', email: 'katherine@example.com', password })
  await join(new URL(ready.firstSupportLink).hash.slice(1))

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, ready.address), {
      ...init,
      headers: {
        origin: ready.address,
        ...(init.body ? { 'content-type': 'application/json' } : {}),
        ...init.headers,
      },
    })
  const signIn = (word: string, email = 'katherine@example.com') =>
    ask('/api/auth/sign-in/email', { method: 'POST', body: JSON.stringify({ email, password: word }) })

  // Sign-in, wrong and right, also of somebody unknown.
  expect((await signIn(wrongPassword)).status).toBe(401)
  expect((await signIn(wrongPassword, guest)).status).toBe(401)
  const signedIn = await signIn(password)
  expect(signedIn.status).toBe(200)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ')
  const session = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? '')
  secrets.push(session)
  await ask('/api/auth/request-password-reset', { method: 'POST', body: JSON.stringify({ email: guest }) })

  // Wrong requests.
  const wrong: [string, RequestInit][] = [
    [`/api/v1/${guest}`, {}],
    [`/api/v1/wineries/${guest}/customers?text=${guest}`, { headers: { cookie } }],
    [`/api/v1/wineries/hill/customers?text=${guest}&limit=${guest}`, { headers: { cookie } }],
    [`/api/v1/wineries/hill/customers/${guest}`, { headers: { cookie } }],
    ['/api/v1/%ff', {}],
    ['/api/v1/me', { headers: { authorization: `Bearer etk_${'x'.repeat(40)}` } }],
    ['/metrics', { headers: { authorization: `Bearer ${wrongPassword}` } }],
    ['/api/v1/wineries', { method: 'POST', headers: { cookie }, body: `{"name": "${guest}", broken` }],
    [
      '/api/v1/wineries/hill/people/erase',
      { method: 'POST', headers: { cookie }, body: JSON.stringify({ email: guest, to: 1 }) },
    ],
    ['/api/v1/wineries', { method: 'POST', headers: { cookie }, body: guest.repeat(20_000) }],
    ['/api/v1/wineries/hill/settings', { method: 'PATCH', headers: { cookie, origin: 'https://x.example' } }],
  ]
  for (const [path, init] of wrong) expect((await ask(path, init)).status).toBeGreaterThanOrEqual(400)

  // A good preview, then every kind of failing pull that does not take its time, then a good one again.
  const faults: (FaultKind | null)[] = [
    null,
    'wrong_business',
    'not_json',
    'truncated',
    'garbage_row',
    'empty_arrays',
    'no_key_403',
    null,
  ]
  for (const fault of faults) {
    simulator.setFault(fault)
    const asked = await ask('/api/v1/wineries/hill/brands/H/previews', {
      method: 'POST',
      headers: { cookie },
    })
    expect(asked.status).toBe(202)
    const { requestId } = (await asked.json()) as { requestId: string }
    for (;;) {
      const answer = await ask(`/api/v1/wineries/hill/pull-requests/${requestId}`, { headers: { cookie } })
      const { state, pullId } = (await answer.json()) as { state: string; pullId: string | null }
      if (pullId) pullIds.push(pullId)
      if (state === 'done' || state === 'failed') break
      await wait(100)
    }
  }
  // Guests really came, so that there was something to tell.
  const pulled = await ask('/api/v1/wineries/hill/pulls', { headers: { cookie } })
  expect(await pulled.text()).toContain('"previewed"')
  expect((await ask('/metrics', { headers: { authorization: `Bearer ${metricsToken}` } })).status).toBe(200)
  await database.close()
}

/** Every file below a folder, as bytes. */
async function filesBelow(folder: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (path) => ({ path, bytes: await readFile(path) })))
}

test('every line is one JSON object, and says when and how grave', () => {
  const lines = log.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(30)
  for (const line of [...lines, stdout.trimEnd()]) expect(JSON.parse(line), line).toBeTypeOf('object')
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({
      level: expect.stringMatching(/^(info|warn|error)$/),
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      msg: expect.any(String),
    })
  }
})

test('a request carries its id and a pull its number, from its beginning to its end', () => {
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
  for (const line of lines.filter(({ msg }) => msg === 'request')) {
    expect(line).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      route: expect.any(String),
    })
  }
  const ofPulls = lines.filter(({ msg }) => /^A pull (begins|is done|failed|did not)/.test(msg ?? ''))
  for (const line of ofPulls)
    expect(line).toMatchObject({ requestId: expect.stringMatching(/^\d+$/), winery: 'hill', brand: 'H' })
  const told = ofPulls.map(({ pullId }) => pullId)
  expect(pullIds.length).toBeGreaterThan(5)
  for (const pullId of pullIds) expect(told).toContain(pullId)
})

test('the log names nobody: no address, no name, nothing of what may not be kept', () => {
  expect(log).not.toMatch(/[\w.+-]+@[\w-]+\.\w/)
  for (const email of people.emails) expect(log).not.toContain(email)
  expect(people.names.size).toBeGreaterThan(50)
  for (const name of people.names)
    expect(log).not.toMatch(new RegExp(`(?<![\\p{L}])${name}(?![\\p{L}])`, 'u'))
  for (const never of neverKept) expect(log).not.toContain(never)
})

test('the log opens nothing: no key, no password, no session, no link', () => {
  expect(secrets.length).toBeGreaterThanOrEqual(6)
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(15)
    expect(log).not.toContain(secret)
  }
  expect(log).not.toMatch(/X-Goog-|etk_|Bearer |session_token/)
})

test('the data folder holds nothing of it either, and nothing else is left behind', async () => {
  const files = await filesBelow(join(home, 'data'))
  expect(files.some(({ path }) => path.endsWith('encryption-key'))).toBe(true)
  expect(files.length).toBeGreaterThan(500)
  // better-auth keeps a session's number; the cookie is that and a signature, which stands nowhere.
  const never = [...neverKept, ...secrets, 'X-Goog-Signature', 'X-Goog-Credential']
  for (const { path, bytes } of files) {
    for (const text of never) if (bytes.includes(text)) expect.soft(`${path} holds ${text}`).toBe('')
  }
  const serverLog = files.find(({ path }) => path.endsWith('postgres.log'))?.bytes.toString() ?? ''
  expect(serverLog).not.toBe('')
  expect(serverLog).not.toMatch(/[\w.+-]+@[\w-]+\.\w/)
  expect(await filesBelow(join(home, 'tmp'))).toEqual([])
})
