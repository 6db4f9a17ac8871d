import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { askListing, bareRequest, links, startSmall, tockHeaders } from './ask-tock.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSmall()
})
afterAll(() => simulator.close())

const good = () => tockHeaders(simulator, '121')

test('a listing names reservation and guest files by signed links on another origin', async () => {
  const { reservationDataUrls, guestDataUrls } = await links(simulator, '121')
  const [link = ''] = reservationDataUrls
  expect(new URL(link).origin).not.toBe(simulator.url)
  expect(new URL(link).pathname).toMatch(/\/reservation-1\.json$/)
  expect(new URL(guestDataUrls[0] ?? '').pathname).toMatch(/\/guest-profile-1\.json$/)
  expect(link).toMatch(/X-Goog-Algorithm=.*X-Goog-Expires=604800.*X-Goog-Signature=[0-9a-f]{256}/)
})

test('every listing signs anew', async () => {
  const first = await links(simulator, '121')
  expect((await links(simulator, '121')).reservationDataUrls).not.toEqual(first.reservationDataUrls)
})

test('without a key the answer is an empty 403', async () => {
  const { 'X-Tock-Scope': scope = '' } = good()
  const answer = await askListing(simulator, { 'X-Tock-Scope': scope })
  expect([answer.status, await answer.text()]).toEqual([403, ''])
})

test.each([
  ['a wrong key', () => ({ ...good(), 'X-Tock-Authorization': 'eyJ.no.key' })],
  [
    'a key behind Bearer',
    () => ({ ...good(), 'X-Tock-Authorization': `Bearer ${good()['X-Tock-Authorization']}` }),
  ],
  ['a scope that is no JSON', () => ({ ...good(), 'X-Tock-Scope': 'businessId=121' })],
  ['a scope with numbers', () => ({ ...good(), 'X-Tock-Scope': '{"businessId":121,"businessGroupId":12}' })],
  [
    'a business of nobody',
    () => ({ ...good(), 'X-Tock-Scope': '{"businessId":"7","businessGroupId":"12"}' }),
  ],
  [
    'a business of another group',
    () => ({ ...good(), 'X-Tock-Scope': '{"businessId":"121","businessGroupId":"13"}' }),
  ],
])('%s gets a 503 page without Retry-After, like an outage', async (_what, headers) => {
  const answer = await askListing(simulator, headers())
  expect(answer.status).toBe(503)
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
  expect(answer.headers.has('retry-after')).toBe(false)
})

test('an unknown path is a 400', async () => {
  expect((await fetch(`${simulator.url}/api/data/export`, { headers: good() })).status).toBe(400)
})

test('a request without User-Agent is a 400', async () => {
  const url = `${simulator.url}/api/data/export/urls`
  expect((await bareRequest(url, good())).status).toBe(400)
  expect((await bareRequest(url, { ...good(), 'User-Agent': 'somebody' })).status).toBe(200)
})

test('one key opens all businesses of its group and no other', async () => {
  const { url, close, businesses } = await import('../../src/simulator/simulator.ts').then((module) =>
    module.startSimulator({ now: new Date('2026-06-01T12:00:00Z') }),
  )
  const keys = Map.groupBy(businesses, (business) => business.businessGroupId)
  expect([...keys.values()].map((group) => new Set(group.map((business) => business.apiKey)).size)).toEqual([
    1, 1,
  ])
  const romanKey = businesses.find((business) => business.businessId === '901')?.apiKey ?? ''
  const headers = {
    'X-Tock-Authorization': romanKey,
    'X-Tock-Scope': '{"businessId":"707","businessGroupId":"55"}',
  }
  expect((await fetch(`${url}/api/data/export/urls`, { headers })).status).toBe(503)
  await close()
})
