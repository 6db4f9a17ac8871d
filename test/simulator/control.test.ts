import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { askListing, bareRequest, startSmall, tockHeaders } from './ask-tock.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSmall()
})
afterEach(() => simulator.close())

const post = (path: string, body: unknown) =>
  fetch(`${simulator.url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) })
const status = async () => (await askListing(simulator, tockHeaders(simulator, '121'))).status

test('GET /simulator tells the businesses, their keys and how to use it', async () => {
  const told = (await (await fetch(`${simulator.url}/simulator`)).json()) as Record<string, unknown>
  expect(told.businesses).toMatchObject(simulator.businesses)
  expect(told.faults).toContain('torn')
  expect(JSON.stringify(told.howTo)).toContain('next-night')
})

test('POST /simulator/next-night moves time on', async () => {
  const before = simulator.now().getTime()
  expect((await fetch(`${simulator.url}/simulator/next-night`, { method: 'POST' })).status).toBe(200)
  expect((await post('next-night', { nights: 2 })).status).toBe(200)
  expect(simulator.now().getTime() - before).toBe(3 * 86_400_000)
  expect((await post('next-night', { nights: 'two' })).status).toBe(400)
})

test('POST /simulator/fault sets and clears a fault', async () => {
  expect((await post('fault', { fault: 'down_503', businessId: '121', first: 1 })).status).toBe(200)
  expect([await status(), await status()]).toEqual([503, 200])
  await post('fault', { fault: 'no_key_403' })
  expect(await status()).toBe(403)
  await post('fault', { fault: null })
  expect(await status()).toBe(200)
})

test('an unknown fault, business or path is explained', async () => {
  expect((await post('fault', { fault: 'flood' })).status).toBe(400)
  expect((await post('fault', { fault: 'torn', businessId: '1' })).status).toBe(400)
  expect((await post('fault', [])).status).toBe(400)
  expect((await post('reset', {})).status).toBe(404)
})

test('it answers to this machine’s own names only', async () => {
  const answer = await bareRequest(`${simulator.url}/simulator`, { Host: 'somewhere.example.com' })
  expect(answer.status).toBe(403)
})
