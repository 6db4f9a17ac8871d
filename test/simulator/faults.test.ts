import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { strangerBusinessId } from '../../src/simulator/spoil-file.ts'
import { askListing, firstRows, links, startSmall, tockHeaders } from './ask-tock.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSmall()
})
afterEach(() => simulator.close())

const list = () => askListing(simulator, tockHeaders(simulator, '121'))
const files = async () => {
  const { reservationDataUrls, guestDataUrls } = await links(simulator, '121')
  return Promise.all([...reservationDataUrls, ...guestDataUrls].map((link) => fetch(link)))
}
const dates = async () =>
  (await files()).map((answer) => Date.parse(answer.headers.get('last-modified') ?? ''))
const apart = (times: number[]) => Math.max(...times) - Math.min(...times)

test('no_key_403 and the two 503s answer as the real ones do', async () => {
  simulator.setFault('no_key_403')
  expect([(await list()).status, await (await list()).text()]).toEqual([403, ''])
  for (const kind of ['key_refused_503', 'down_503'] as const) {
    simulator.setFault(kind)
    const answer = await list()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, null])
    expect(await answer.text()).toMatch(/^<!DOCTYPE html>/)
  }
})

test('a fault can be limited to the first requests, to one business, and be taken away', async () => {
  simulator.setFault({ kind: 'down_503', first: 2 }, '121')
  expect((await askListing(simulator, tockHeaders(simulator, '122'))).status).toBe(200)
  expect([(await list()).status, (await list()).status, (await list()).status]).toEqual([503, 503, 200])
  simulator.setFault('down_503')
  simulator.setFault(null)
  expect((await list()).status).toBe(200)
})

test('empty_listing has both arrays, empty; missing_array lacks one', async () => {
  simulator.setFault('empty_listing')
  expect(await (await list()).json()).toEqual({ result: { reservationDataUrls: [], guestDataUrls: [] } })
  simulator.setFault('missing_array')
  expect(Object.keys(await links(simulator, '121'))).toEqual(['reservationDataUrls'])
  simulator.setFault({ kind: 'missing_array', missing: 'reservations' })
  expect(Object.keys(await links(simulator, '121'))).toEqual(['guestDataUrls'])
})

test('empty_arrays: every file is there and says []', async () => {
  simulator.setFault('empty_arrays')
  expect(await Promise.all((await files()).map((answer) => answer.text()))).toEqual(['[]', '[]'])
})

test('not_json and truncated arrive whole as far as HTTP can tell, and are no JSON', async () => {
  for (const kind of ['not_json', 'truncated'] as const) {
    simulator.setFault(kind)
    for (const answer of await files()) {
      const text = await answer.text()
      expect([answer.status, answer.headers.get('content-length')]).toEqual([
        200,
        String(Buffer.byteLength(text)),
      ])
      expect(() => JSON.parse(text)).toThrow(SyntaxError)
    }
  }
  simulator.setFault({ kind: 'not_json', where: 'listing' })
  await expect((await list()).json()).rejects.toThrow(SyntaxError)
})

test('torn: the files are hours apart, for good or until listed again', async () => {
  simulator.setFault('torn')
  expect(apart(await dates())).toBeGreaterThan(3_600_000)
  expect(apart(await dates())).toBeGreaterThan(3_600_000)
  simulator.setFault({ kind: 'torn', heals: 'on_relisting' })
  expect(apart(await dates())).toBeGreaterThan(3_600_000)
  expect(apart(await dates())).toBeLessThan(60_000)
})

test('expired: links answer with XML, for good or until listed again', async () => {
  simulator.setFault({ kind: 'expired', heals: 'on_relisting' })
  const first = await files()
  expect(first.map((answer) => answer.status)).toEqual([400, 400])
  expect(await first[0]?.text()).toContain('<Code>ExpiredToken</Code>')
  expect((await files()).map((answer) => answer.status)).toEqual([200, 200])
  simulator.setFault('expired')
  await files()
  expect((await files()).map((answer) => answer.status)).toEqual([400, 400])
})

test('wrong_business: every reservation is another business’s', async () => {
  simulator.setFault('wrong_business')
  for (const row of await firstRows(simulator, '121')) {
    expect(row.business).toMatchObject({ id: Number(strangerBusinessId) })
  }
})

test('cut: the connection breaks in the middle of the file', async () => {
  simulator.setFault({ kind: 'cut', first: 1 })
  const { reservationDataUrls } = await links(simulator, '121')
  const broken = await fetch(reservationDataUrls[0] ?? '')
  expect(broken.status).toBe(200)
  await expect(broken.text()).rejects.toThrow()
  expect(await (await fetch(reservationDataUrls[0] ?? '')).json()).toHaveLength(120)
})

test('slow: headers or body keep the client waiting, and closing does not wait for them', async () => {
  const { reservationDataUrls } = await links(simulator, '121')
  simulator.setFault({ kind: 'slow', delayMs: 60_000 })
  const headers = fetch(reservationDataUrls[0] ?? '', { signal: AbortSignal.timeout(100) })
  await expect(headers).rejects.toThrow(/timeout/)
  simulator.setFault({ kind: 'slow', part: 'body', delayMs: 60_000 })
  const body = await fetch(reservationDataUrls[0] ?? '', { signal: AbortSignal.timeout(300) })
  expect(body.status).toBe(200)
  await expect(body.text()).rejects.toThrow(/timeout/)
  simulator.setFault({ kind: 'slow', part: 'body', delayMs: 1 })
  expect(await (await fetch(reservationDataUrls[0] ?? '')).json()).toHaveLength(120)
})

test('file_500 can befall one file alone', async () => {
  simulator.setFault({ kind: 'file_500', file: 'guest-profile-1.json' })
  expect((await files()).map((answer) => answer.status)).toEqual([200, 500])
})

test('garbage_row: something that is no row stands among them', async () => {
  simulator.setFault('garbage_row')
  const [garbage, ...rows] = (await firstRows(simulator, '121')) as unknown[]
  expect([garbage, rows.length]).toEqual([42, 120])
  simulator.setFault({ kind: 'garbage_row', row: null })
  expect(((await firstRows(simulator, '121')) as unknown[])[0]).toBeNull()
})

test('a spoilt file has its own ETag, so that it is never taken for unchanged', async () => {
  const good = (await files())[0]?.headers.get('etag')
  simulator.setFault('truncated')
  expect((await files())[0]?.headers.get('etag')).not.toBe(good)
})
