/**
 * Every registered route, with every role, with nobody, with API keys, with a neighbour's ids, with a user who is
 * limited to a brand. The routes are taken from the program: a new one is tried without anybody's doing.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeclaredRoute } from '../../src/api/authorize.ts'
import {
  type Action,
  actions,
  installationRoles,
  mayRole,
  type Role,
  roles,
  withReason,
} from '../../src/contract/access.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { jobsForTests, type TestJobs } from '../jobs/worker-for-tests.ts'
import { type Answer, type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'
import {
  brandMark,
  type Ids,
  neighbourMark,
  storedOf,
  type TwoWineries,
  twoWineries,
} from './two-wineries.ts'

/** Of the whole winery: whoever is limited to a brand is not let in, whatever the number. */
const winerysOwn: Ids = {
  mail: '1',
  release: '1',
  segment: '1',
  schedule: '1',
  plan: '1',
  user: 'x',
  invitation: '1',
}

/** What is nobody's in particular. */
const shared: Ids = { list: 'locations' }

/** Bodies for writes that name something in their address: without one they would be refused for their body. */
const bodies: Record<string, unknown> = {
  'PATCH /wineries/:winery/brands/:brand': { name: 'Changed' },
  'POST /wineries/:winery/brands/:brand/enable': { unmapped: 0, nightlyRelease: 'by-hand' },
  'PATCH /wineries/:winery/brands/:brand/settings': { allocationTier: null },
  'PATCH /wineries/:winery/brands/:brand/schedule': { times: ['04:00'] },
  'PUT /wineries/:winery/brands/:brand/experiences/:experience/mapping': {
    reservationType: 'T',
    create: true,
  },
  'PUT /wineries/:winery/brands/:brand/experiences/:experience/ignored': { ignored: true },
  'PUT /wineries/:winery/brands/:brand/seating-areas/:seatingArea/location': { location: 'L', create: true },
  'PUT /wineries/:winery/brands/:brand/location': { location: 'L', create: true },
  'POST /wineries/:winery/exceptions/:exception/resolve': { decision: { kind: 'close' }, why: 'Because' },
  'PATCH /wineries/:winery/users/:user': { role: 'viewer' },
  'POST /wineries/:winery/customers/:customer/opt-out': { why: 'Asked for it' },
  'POST /wineries/:winery/customers/:customer/opt-in': { why: 'Asked for it' },
  'POST /wineries/:winery/pulls/:pull/undo': { what: 'customers', why: 'Because', dryRun: true },
  'PUT /wineries/:winery/segments/:segment/campaign': { name: 'Welcome' },
  'POST /wineries/:winery/segments/:segment/confirm': { upTo: '1' },
  'PATCH /wineries/:winery/export-schedules/:schedule': { isOn: false },
}

let database: TestDatabase
let jobs: TestJobs
let api: ApiForTests
let world: TwoWineries
let routes: DeclaredRoute[]

beforeAll(async () => {
  database = await freshDatabase()
  world = await twoWineries(database.db)
  jobs = await jobsForTests(database, 'http://127.0.0.1:9')
  api = await apiForTests(database, { parts: { queue: jobs.queue } })
  // What ends a winery comes last.
  const isLast = ({ config }: DeclaredRoute) => Number(config.action === 'wineries.leave')
  routes = api.app.declaredRoutes
    .filter(({ url }) => url.startsWith('/api/v1/'))
    .sort((one, other) => isLast(one) - isLast(other))
  for (const role of roles) api.people.set(role, principalOf(role))
  const { wineryId, brandA } = world.ours
  for (const role of winerys)
    api.people.set(`limited ${role}`, person(role, { wineryId, brandIds: [brandA] }))
})
afterAll(async () => {
  await api?.close()
  await jobs?.close()
  await database?.drop()
})

const winerys = roles.filter((role) => !isInstallation(role))
function isInstallation(role: Role): boolean {
  return (installationRoles as readonly Role[]).includes(role)
}
const principalOf = (role: Role) =>
  person(role, isInstallation(role) ? null : { wineryId: world.ours.wineryId })

type Told = 'let in' | 'not signed in' | 'not allowed' | 'not there'

/** What the table of permissions says of a role that asks at home. */
function expected(role: Role | null, { config, url }: DeclaredRoute): Told {
  const { action } = config
  if (action === 'anybody') return 'let in'
  if (role === null) return 'not signed in'
  if (action === 'anybody signed in') return 'let in'
  if (config.installation && !isInstallation(role)) return 'not allowed'
  expect(action, url).toBeDefined()
  // Support gave no reason here.
  if (role === 'support' && (withReason as readonly unknown[]).includes(action)) return 'not allowed'
  return mayRole(role, action as Action) ? 'let in' : 'not allowed'
}

/** `let in`: whatever the route then says of what was sent. */
function told({ status, body }: Answer): Told {
  if (status === 401) return 'not signed in'
  if (status === 403) return 'not allowed'
  if (status === 404 && /address, or it is not yours/.test(String(body.detail))) return 'not there'
  return 'let in'
}

function address({ url }: DeclaredRoute, ids: Ids): string {
  return url.replace(/:(\w+)/g, (_, name: string) => {
    const id = ids[name] ?? shared[name]
    if (id === undefined)
      throw new Error(`${url}: this test knows no :${name} of these; add it to two-wineries.ts`)
    return id
  })
}

const nameOf = ({ method, url }: DeclaredRoute) => `${method} ${url.replace('/api/v1', '')}`
/** Names something of a brand: asked for at our own brand, so that its own id is what counts. */
const isInBrand = ({ url }: DeclaredRoute) => /:brand\/.*:/.test(url)
const namesSomething = ({ url }: DeclaredRoute) => /:(?!winery|list)\w+/.test(url)

async function ask(as: string | null, route: DeclaredRoute, ids: Ids, options: { valid?: boolean } = {}) {
  const isRead = route.method === 'GET'
  // Refused for its body, so that those who are let in change nothing.
  const body = options.valid ? (bodies[nameOf(route)] ?? {}) : 'no object'
  const answer = await api.ask(as, route.method as 'GET', address(route, ids), {
    ...(isRead ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  // 502: Tock is not there.
  if (answer.status >= 500 && answer.status !== 502)
    throw new Error(`${nameOf(route)} as ${as}: ${answer.status}`)
  return answer
}

/** All routes at once, as `{route: told}`: a difference shows the route by name. */
async function tried(
  which: DeclaredRoute[],
  tell: (route: DeclaredRoute) => Told | Promise<Told>,
): Promise<Record<string, Told>> {
  const all: Record<string, Told> = {}
  for (const route of which) all[nameOf(route)] = await tell(route)
  return all
}

const ofWinery = () =>
  routes.filter(({ url, config }) => url.includes(':winery') && config.action !== 'anybody')

describe('every route', () => {
  it('is more than a few', () => expect(routes.length).toBeGreaterThan(60))

  it.each([...roles])('does for %s what the table of permissions says', async (role) => {
    const { brandA } = world.ids
    expect(await tried(routes, async (route) => told(await ask(role, route, brandA)))).toEqual(
      await tried(routes, (route) => expected(role, route)),
    )
  })

  it('asks whoever is not signed in to sign in', async () => {
    expect(await tried(routes, async (route) => told(await ask(null, route, world.ids.brandA)))).toEqual(
      await tried(routes, (route) => expected(null, route)),
    )
  })

  it('lets an API key do what its scopes name, and nothing else', async () => {
    const keyed = routes.filter(
      ({ config }) => !String(config.action).startsWith('anybody') && !config.installation,
    )
    for (const role of winerys) {
      const key = { ...principalOf(role), kind: 'api-key' as const, id: `key-${role}` }
      const with_ = async (route: DeclaredRoute, scopes: Action[]) => {
        api.people.set('key', { ...key, scopes })
        return told(await ask('key', route, world.ids.brandA))
      }
      const lacking = (route: DeclaredRoute) =>
        with_(
          route,
          actions.filter((one) => one !== route.config.action),
        )
      expect(await tried(keyed, lacking)).toEqual(await tried(keyed, () => 'not allowed'))
      expect(await tried(keyed, (route) => with_(route, [route.config.action as Action]))).toEqual(
        await tried(keyed, (route) => expected(role, route)),
      )
    }
  })
})

describe("a neighbour's", () => {
  it('things would be told by these answers, if they could be reached', async () => {
    const told: string[] = []
    for (const route of ofWinery().filter(({ method }) => method === 'GET')) {
      if (tells(await ask('support', route, world.ids.neighbour), neighbourMark)) told.push(nameOf(route))
    }
    expect(told.length).toBeGreaterThan(12)
  })

  it.each([...winerys])('winery is not there for %s', async (role) => {
    const before = await storedOf(database.db, world.neighbour.wineryId)
    const answers = tried(ofWinery(), async (route) =>
      told(await ask(role, route, world.ids.neighbour, { valid: true })),
    )
    expect(await answers).toEqual(await tried(ofWinery(), () => 'not there'))
    expect(await storedOf(database.db, world.neighbour.wineryId)).toBe(before)
  })

  it.each([...winerys])(
    'things are not there for %s, and nothing of them is changed or told',
    async (role) => {
      const before = await storedOf(database.db, world.neighbour.wineryId)
      const ids: Ids = { ...world.ids.neighbour, winery: world.ours.slug }
      const which = ofWinery().filter((route) => expected(role, route) === 'let in')
      const leaks: string[] = []
      const statuses: Record<string, number> = {}
      for (const route of which) {
        const answer = await ask(role, route, isInBrand(route) ? { ...ids, brand: 'A' } : ids, {
          valid: namesSomething(route),
        })
        if (tells(answer, neighbourMark)) leaks.push(nameOf(route))
        if (namesSomething(route)) statuses[nameOf(route)] = answer.status
      }
      expect(leaks).toEqual([])
      expect(statuses).toEqual(Object.fromEntries(Object.keys(statuses).map((name) => [name, 404])))
      expect(await storedOf(database.db, world.neighbour.wineryId)).toBe(before)
    },
  )
})

describe('what is of no one winery', () => {
  it.each([...winerys])('tells %s nothing of a neighbour', async (role) => {
    const others = routes.filter(({ url, method }) => method === 'GET' && !url.includes(':winery'))
    const leaks: string[] = []
    for (const route of others) {
      if (tells(await ask(role, route, world.ids.neighbour), neighbourMark)) leaks.push(nameOf(route))
    }
    expect(leaks).toEqual([])
    expect(others.length).toBeGreaterThan(8)
  })

  it('tells it to the roles of the installation, where they may', async () => {
    expect(tells(await api.ask('support', 'GET', 'wineries'), neighbourMark)).toBe(true)
    expect(tells(await api.ask('operator', 'GET', 'alerts'), neighbourMark)).toBe(true)
  })
})

describe('a user who is limited to a brand', () => {
  it.each([...winerys])('(%s) sees nothing of the others, and changes nothing of them', async (role) => {
    const who = `limited ${role}`
    const which = ofWinery().filter((route) => expected(role, route) === 'let in')
    const leaks: string[] = []
    const statuses: Record<string, number> = {}
    for (const route of which) {
      const answer = await ask(
        who,
        route,
        { ...world.ids.brandB, ...winerysOwn },
        { valid: namesSomething(route) },
      )
      if (tells(answer, brandMark)) leaks.push(nameOf(route))
      if (namesSomething(route)) statuses[nameOf(route)] = route.config.wholeWinery ? 404 : answer.status
    }
    expect(leaks).toEqual([])
    expect(statuses).toEqual(Object.fromEntries(Object.keys(statuses).map((name) => [name, 404])))
  })

  it.each([...winerys])(
    '(%s) may at the brand what the role may, and nothing that concerns the whole winery',
    async (role) => {
      const { brandA } = world.ids
      const which = ofWinery()
      expect(await tried(which, async (route) => told(await ask(`limited ${role}`, route, brandA)))).toEqual(
        await tried(which, (route) => (route.config.wholeWinery ? 'not allowed' : expected(role, route))),
      )
    },
  )

  it('cannot ask a list for another brand', async () => {
    const lists = ofWinery().filter(({ method, url }) => method === 'GET' && !url.includes(':brand'))
    const told: string[] = []
    for (const route of lists) {
      const at = `${address(route, world.ids.brandA)}?brand=B`
      const answer = await api.ask('limited winery admin', 'GET', at)
      if (tells(answer, brandMark)) told.push(`${at} tells of it`)
      if (takesBrand(route) && answer.status !== 404) told.push(`${at} took it`)
    }
    expect(told).toEqual([])
    expect(lists.filter(takesBrand).length).toBeGreaterThan(3)
  })
})

function tells({ body }: Answer, mark: string): boolean {
  return JSON.stringify(body).toLowerCase().includes(mark)
}

/** As the document has it. */
function takesBrand({ url }: DeclaredRoute): boolean {
  type Document = { paths: Record<string, { get?: { parameters?: { in: string; name: string }[] } }> }
  const { paths } = api.app.swagger() as unknown as Document
  const parameters = paths[url.replace(/:(\w+)/g, '{$1}')]?.get?.parameters ?? []
  return parameters.some((one) => one.in === 'query' && one.name === 'brand')
}
