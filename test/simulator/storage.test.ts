import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { bareRequest, links, startSmall, tockHeaders } from './ask-tock.ts'

let simulator: Simulator
let link: string
beforeEach(async () => {
  simulator = await startSmall()
  link = (await links(simulator, '121')).reservationDataUrls[0] ?? ''
})
afterEach(() => simulator.close())

test('a file comes with ETag, Last-Modified, length and type', async () => {
  const answer = await fetch(link)
  const body = await answer.arrayBuffer()
  expect(answer.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/)
  expect(answer.headers.get('last-modified')).toMatch(/ GMT$/)
  expect(Number(answer.headers.get('content-length'))).toBe(body.byteLength)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(simulator.stats).toMatchObject({ listings: 1, files: 1, bytes: body.byteLength })
})

test('a known ETag is answered with 304, without a body', async () => {
  const etag = (await fetch(link)).headers.get('etag') ?? ''
  const answer = await fetch(link, { headers: { 'If-None-Match': etag } })
  expect([answer.status, await answer.text()]).toEqual([304, ''])
  expect(answer.headers.has('last-modified')).toBe(true)
  expect(simulator.stats).toMatchObject({ files: 1, notModified: 1 })
})

test('the 304 can leave Last-Modified out', async () => {
  simulator.edit('121').setLastModifiedWith304(false)
  const etag = (await fetch(link)).headers.get('etag') ?? ''
  const answer = await fetch(link, { headers: { 'If-None-Match': etag } })
  expect(answer.status).toBe(304)
  expect(answer.headers.has('last-modified')).toBe(false)
})

test('one byte can be asked for, and tells the date', async () => {
  const answer = await fetch(link, { headers: { Range: 'bytes=0-0' } })
  expect([answer.status, await answer.text()]).toEqual([206, '['])
  expect(answer.headers.get('content-range')).toMatch(/^bytes 0-0\/\d+$/)
  expect(answer.headers.has('last-modified')).toBe(true)
  expect(simulator.stats).toMatchObject({ files: 0, ranges: 1 })
})

test('without ETags everything is sent every time', async () => {
  const etag = (await fetch(link)).headers.get('etag') ?? ''
  simulator.edit('121').setETag(false)
  const answer = await fetch(link, { headers: { 'If-None-Match': etag } })
  expect(answer.status).toBe(200)
  expect(answer.headers.has('etag')).toBe(false)
})

test('gzip is an option and says the same', async () => {
  const plain = await (await fetch(link)).text()
  simulator.edit('121').setGzip(true)
  const packed = await fetch(link, { headers: { 'Accept-Encoding': 'gzip' } })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(await packed.text()).toBe(plain)
  const unpacked = await fetch(link, { headers: { 'Accept-Encoding': 'identity' } })
  expect(unpacked.headers.has('content-encoding')).toBe(false)
})

test("Tock's headers are refused and counted as leaks", async () => {
  expect((await fetch(link, { headers: tockHeaders(simulator, '121') })).status).toBe(400)
  expect(simulator.stats.leaks).toBe(1)
})

test('a link with another signature, path or no signature opens nothing', async () => {
  const other = new URL(link)
  other.searchParams.set('X-Goog-Signature', 'ff'.repeat(128))
  expect((await fetch(other)).status).toBe(403)
  expect((await fetch(link.replace('/121/', '/122/'))).status).toBe(403)
  expect((await bareRequest(link.split('?')[0] ?? '', {})).status).toBe(403)
})

test('a link is good for seven days', async () => {
  simulator.nextNight(6)
  expect((await fetch(link)).status).toBe(200)
  simulator.nextNight(2)
  const answer = await fetch(link)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('<Code>ExpiredToken</Code>')
})

test('the files of a snapshot are seconds apart, out of order, none newer than the snapshot', async () => {
  simulator.edit('121').setRowsPerFile(20)
  simulator.edit('121').publish()
  const { reservationDataUrls, guestDataUrls } = await links(simulator, '121')
  const answers = await Promise.all([...reservationDataUrls, ...guestDataUrls].map((one) => fetch(one)))
  const dates = answers.map((one) => Date.parse(one.headers.get('last-modified') ?? ''))
  const takenMs = simulator.truth('121').takenAt.getTime()
  expect(Math.max(...dates)).toBe(takenMs)
  expect(Math.min(...dates)).toBeGreaterThan(takenMs - 30_000)
  expect(dates).not.toEqual(dates.toSorted((a, b) => a - b))
})

test('a new snapshot replaces the files behind links that are out already', async () => {
  const before = await (await fetch(link)).text()
  simulator.nextNight()
  const after = await fetch(link)
  expect(after.status).toBe(200)
  expect(await after.text()).not.toBe(before)
})
