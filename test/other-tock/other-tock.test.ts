import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type BadWay, type BadWayOptions, badFiles, badListings, oddManners } from './bad-ways.ts'
import { madeUpWinery, type OtherBusiness, type OtherTock, startOtherTock } from './other-tock.ts'

const now = new Date('2025-06-10T18:00:00Z')
const ids = { businessGroupId: '55', businessId: '707' }
const scope = '{"businessId":"707","businessGroupId":"55"}'
const good = { 'X-Tock-Authorization': 'the.right.key', 'X-Tock-Scope': scope, 'User-Agent': 'self-check' }

const rowsFrom = (first: number, count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({ id: first + at, note: [{ text: 'für 李 🍷' }] }))

let tock: OtherTock

afterEach(async () => {
  await tock?.close()
})

async function start(more: Partial<OtherBusiness> = {}, clock = () => new Date()): Promise<OtherTock> {
  const rows = { reservations: rowsFrom(1, 12), guests: rowsFrom(900, 7) }
  const takenAt = new Date('2025-06-10T06:30:00Z')
  const business = { ...ids, apiKey: 'the.right.key', ...rows, takenAt, rowsPerFile: 5, ...more }
  tock = await startOtherTock({ businesses: [business], clock })
  return tock
}

const ask = (headers: Record<string, string> = good, path = '/api/data/export/urls'): Promise<Response> =>
  fetch(`${tock.baseUrl}${path}`, { headers, redirect: 'manual' })

async function links(): Promise<{ reservations: string[]; guests: string[] }> {
  const { result } = (await (await ask()).json()) as { result: Record<string, string[]> }
  return { reservations: result.reservationDataUrls ?? [], guests: result.guestDataUrls ?? [] }
}

async function idsOf(url: string): Promise<unknown[]> {
  return ((await (await fetch(url)).json()) as { id: unknown }[]).map((row) => row.id)
}

/** The plain bytes and header names, which `fetch` smooths over. */
function rawly(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ names: string[]; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const names = response.rawHeaders.filter((_, at) => at % 2 === 0)
        resolve({ names, body: Buffer.concat(parts) })
      })
    })
    asked.on('error', reject).end()
  })
}

test('lists whole snapshots in files that need no headers of Tock', async () => {
  await start()
  const { reservations, guests } = await links()
  expect(reservations.map((url) => new URL(url).pathname.split('/').at(-1))).toEqual([
    'reservation-1.json',
    'reservation-2.json',
    'reservation-3.json',
  ])
  expect(await idsOf(reservations[2]!)).toEqual([11, 12])
  expect(await idsOf(guests[1]!)).toEqual([905, 906])
  expect((await fetch(reservations[0]!, { headers: good })).status).toBe(400)
  expect((await fetch(reservations[0]!.replace(/.$/, '~'))).status).toBe(403)
  expect((await fetch(reservations[0]!.split('?')[0]!)).status).toBe(403)
  const seen = tock.requests().at(-3)
  expect(seen).toMatchObject({ to: 'files', method: 'GET', hadQuery: true, status: 400 })
  expect(seen?.headers).toContain('x-tock-scope')
})

test('answers wrong questions as Tock does', async () => {
  await start()
  const { 'X-Tock-Authorization': key, ...keyless } = good
  const none = await ask(keyless)
  expect([none.status, await none.text()]).toEqual([403, ''])
  expect((await ask({ ...keyless, Authorization: `Bearer ${key}` })).status).toBe(403)
  for (const wrong of ['another.key', `Bearer ${key}`]) {
    const answer = await ask({ ...good, 'X-Tock-Authorization': wrong })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.headers.get('retry-after')).toBeNull()
  }
  expect((await ask(good, '/api/data/export')).status).toBe(400)
  expect((await ask({ ...good, 'X-Tock-Scope': '{"businessId":707,"businessGroupId":55}' })).status).toBe(400)
  expect((await ask({ ...good, 'X-Tock-Scope': scope.replace('707', '708') })).status).toBe(503)
})

test('knows tags, dates, and the end of seven days', async () => {
  let clock = now
  await start({}, () => clock)
  const { reservations } = await links()
  const first = await fetch(reservations[0]!)
  const tag = first.headers.get('etag')!
  const again = await fetch(reservations[0]!, { headers: { 'If-None-Match': tag } })
  expect(again.status).toBe(304)
  expect(again.headers.get('last-modified')).toBe(first.headers.get('last-modified'))
  const written = Date.parse(first.headers.get('last-modified')!) - Date.parse('2025-06-10T06:30:00Z')
  expect(written).toBeGreaterThanOrEqual(0)
  expect(written).toBeLessThan(20_000)
  clock = new Date(now.getTime() + 7 * 86_400_000 + 2000)
  const late = await fetch(reservations[0]!)
  expect([late.status, (await late.text()).includes('<Error>')]).toEqual([400, true])
})

test('does without tags and dates when told to', async () => {
  await start({ etags: false, lastModified: false })
  const answer = await fetch((await links()).reservations[0]!)
  expect([answer.headers.get('etag'), answer.headers.get('last-modified')]).toEqual([null, null])
})

test('replaces and mixes snapshots', async () => {
  await start()
  const before = await links()
  const next = { reservations: rowsFrom(101, 12), takenAt: new Date('2025-06-10T18:30:00Z') }
  tock.misbehave('707', 'snapshot-replaced', { next, afterFiles: 1 })
  expect((await idsOf(before.reservations[0]!))[0]).toBe(1)
  expect((await idsOf(before.reservations[1]!))[0]).toBe(106)
  tock.misbehave('707', 'mixed-snapshots', { times: 1 })
  const mixed = (await links()).reservations
  expect(await Promise.all(mixed.map(async (url) => (await idsOf(url))[0]))).toEqual([101, 6, 111])
  const healed = (await links()).reservations
  expect(await Promise.all(healed.map(async (url) => (await idsOf(url))[0]))).toEqual([101, 106, 111])
  tock.publish('707', { reservations: rowsFrom(201, 3) })
  expect((await fetch(healed[1]!)).status).toBe(404)
})

const slow = ['listing-hangs', 'file-hangs', 'file-stalls']

async function outcome(url: string, headers: Record<string, string>): Promise<string> {
  try {
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(300) })
    return `${answer.status} ${(await answer.text()).length}`
  } catch (error) {
    return (error as Error).name
  }
}

test('every bad way shows, once, and is over', async () => {
  await start()
  const url = (await links()).reservations[0]!
  const listing = `${tock.baseUrl}/api/data/export/urls`
  const right = await outcome(listing, good)
  for (const how of badListings) {
    tock.misbehave('707', how, { times: 1 })
    const came = await outcome(listing, good)
    if (how === 'listing-out-of-order') expect(came).toBe(right)
    else expect(came, how).not.toBe(right)
    if (slow.includes(how)) expect(came, how).toBe('TimeoutError')
    expect(await outcome(listing, good)).toBe(right)
  }
  const conditional = { 'If-None-Match': '"some old tag"' }
  const whole = await outcome(url, conditional)
  for (const how of badFiles) {
    tock.misbehave('707', how, { times: 1, file: 'reservation-1.json' })
    const came = await outcome(url, conditional)
    expect(came, how).not.toBe(whole)
    if (slow.includes(how)) expect(came, how).toBe('TimeoutError')
    expect(await outcome(url, conditional)).toBe(whole)
  }
})

test('odd manners change how things are said, not what', async () => {
  await start()
  const url = (await links()).guests[0]!
  const plain = (await (await fetch(url)).json()) as object[]
  for (const how of oddManners) {
    tock.misbehave('707', how)
    const rows = JSON.parse((await (await fetch(url)).text()).replace(/^\uFEFF/, '')) as object[]
    if (how !== 'string-ids') expect(rows, how).toEqual(plain)
    else expect(rows[0]).toMatchObject({ id: '900' })
    expect((await links()).guests.length, how).toBe(how === 'trailing-empty-files' ? 3 : 2)
    tock.behave('707')
  }
  const with1 = async (how: BadWay, options: BadWayOptions = {}) => {
    tock.misbehave('707', how, { times: 1, ...options })
    return rawly(url)
  }
  expect((await with1('gzip-always')).body.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  expect((await with1('bom')).body.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  expect((await with1('chunked')).names).not.toContain('Content-Length')
  expect((await with1('upper-case-headers')).names).toContain('LAST-MODIFIED')
  expect((await with1('lower-case-headers')).names).toContain('last-modified')
  expect((await with1('weak-etags')).names).toContain('ETag')
  expect((await with1('no-etags')).names).not.toContain('ETag')
})

const wineryOptions = {
  ...ids,
  seed: 3,
  reservations: 400,
  guests: 300,
  timeZone: 'America/Los_Angeles',
  now,
}

test('a made-up winery has every case, and comes out the same again', () => {
  const winery = madeUpWinery({ ...wineryOptions, hostileText: true })
  const { reservations, guests, expected } = winery
  expect([reservations.length, guests.length]).toEqual([400, 300])
  expect(madeUpWinery({ ...wineryOptions, hostileText: true })).toEqual(winery)
  const sister = madeUpWinery({ ...wineryOptions, businessId: '708' })
  expect(sister.guests).toEqual(guests)
  expect(sister.reservations).not.toEqual(reservations)

  const of = (name: string, place = 0) =>
    expected.reservations.find((one) => one.key === expected.cases[name]?.[place])!
  expect(new Set(expected.reservations.map((one) => one.key)).size).toBe(expected.reservations.length)
  expect(expected.reservations.length + expected.withoutKey).toBe(400)
  expect(of('walk-in')).toMatchObject({ partyName: null, experience: null, diner: null })
  expect(of('walk-in').key).toMatch(/^w:\d+$/)
  expect(of('other-diner').diner?.id).not.toBe(of('other-diner').owner?.id)
  expect(of('concierge-diner-without-email').diner?.email).toBeNull()
  expect(of('email-on-owner-copy-only').diner?.email).toMatch(/@example\.com$/)
  expect(of('no-diner').partyName).not.toBeNull()
  expect(of('transferred')).toMatchObject({ cancelled: true, transferred: true })
  expect(of('transferred', 1)).toMatchObject({ transferred: false })
  const [one, other] = expected.cases['long-neighbours']!.map((key) => BigInt(key.slice(2)))
  expect([other! - one!, Number(one) === Number(other)]).toEqual([1n, true])
  expect(of('repeated-hour').localTime).toBe('2024-11-03T01:30')
  expect(of('repeated-hour').start).toBe('2024-11-03T09:30:00.000Z')
  expect(of('over-new-year').start).toBe('2025-01-01T07:30:00.000Z')
  expect(of('no-start').start).toBeNull()
  expect(of('note-several').notes).toHaveLength(5)
  expect(expected.toGo).toEqual(expect.arrayContaining([of('pickup').key, of('delivery').key]))
  expect(expected.guestRows).toEqual({
    all: 300,
    current: 281,
    archived: 18,
    withoutPatron: 1,
    withoutEmail: expected.guests.filter((guest) => !guest.email).length,
  })
  expect(new Set(expected.guests.map((guest) => `${guest.optIn} ${guest.optInSource}`)).size).toBe(24)
  expect(new Set(expected.guests.map((guest) => guest.id)).size).toBe(281)

  const kept = JSON.stringify([expected.reservations, expected.guests])
  expect(kept).not.toContain(expected.neverKeep)
  expect(kept).not.toContain(String(expected.neverKeepNumber))
  expect(kept).not.toContain(expected.notNamed)
  const written = JSON.stringify(winery, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  for (const [, host] of written.matchAll(/@([\w.-]+)/g)) expect(host).toBe('example.com')
})

test('long ids are written digit by digit', async () => {
  const winery = madeUpWinery(wineryOptions)
  await start({ ...winery, rowsPerFile: 5000 })
  const { reservations, guests } = await links()
  const bookings = await (await fetch(reservations[0]!)).text()
  const profiles = await (await fetch(guests[0]!)).text()
  for (const key of winery.expected.cases['long-neighbours']!)
    expect(bookings).toContain(`"id":${key.slice(2)},`)
  expect(profiles).toContain('"id":9007199254740993,')
  expect(profiles).toContain('"id":18446744073709551615,')
})
