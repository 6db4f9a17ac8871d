import type { IncomingHttpHeaders } from 'node:http'
import { type Answer, html, json, nothing, plain, redirect, xml } from './answer.ts'
import { badFiles } from './bad-ways.ts'
import type { Venue } from './business.ts'
import type { Signature } from './signing.ts'
import { bodyOf, type ExportFile, type Snapshot } from './snapshot.ts'
import { md5, type Writing, writeJson } from './wire.ts'

/** The storage's own refusals, before any file is looked at. */
export function refusal(
  method: string,
  headers: IncomingHttpHeaders,
  signature: Signature,
): Answer | undefined {
  const stray = Object.keys(headers).filter((name) => name.startsWith('x-tock-') || name === 'authorization')
  if (stray.length > 0) return xml(400, 'InvalidArgument', `Not for this host: ${stray.join(', ')}`)
  if (signature === 'missing') return xml(403, 'AccessDenied', 'Access denied.')
  if (signature === 'expired') return xml(400, 'ExpiredToken', 'The provided token has expired.')
  if (signature === 'wrong' || method !== 'GET')
    return xml(403, 'SignatureDoesNotMatch', 'Access denied. The request signature does not match.')
  return undefined
}

export const noSuchKey = (): Answer => xml(404, 'NoSuchKey', 'The specified key does not exist.')

interface Found {
  file: ExportFile
  snapshot: Snapshot
}

export function answerFile(
  venue: Venue,
  { file, snapshot }: Found,
  headers: IncomingHttpHeaders,
  writing: Writing,
  elsewhere: string,
): Answer {
  const { mischief, business } = venue
  const body = bodyOf(snapshot, file, writing)
  const strongTag = `"${md5(body)}"`
  const tag = mischief.take('changing-etags', file.name)
    ? `"${md5(`${strongTag} ${Math.random()}`)}"`
    : mischief.take('weak-etags', file.name)
      ? `W/${strongTag}`
      : strongTag
  const tagged = business.etags !== false && !mischief.take('no-etags', file.name)
  const dated = business.lastModified !== false && !mischief.take('no-last-modified', file.name)
  const marks: Record<string, string> = { 'Cache-Control': 'private, max-age=0' }
  if (tagged) marks.ETag = tag
  if (dated) marks['Last-Modified'] = file.modifiedAt.toUTCString()
  const type = mischief.take('odd-content-type', file.name) ? 'application/octet-stream' : 'application/json'
  const whole = (status: number, bytes: Buffer): Answer => ({
    status,
    headers: { 'Content-Type': type, ...marks },
    body: bytes,
  })
  const unchanged = (): Answer => {
    const { 'Last-Modified': date, ...rest } = marks
    const bare = mischief.take('304-without-last-modified', file.name)
    return {
      status: 304,
      headers: bare || date === undefined ? rest : { ...rest, 'Last-Modified': date },
      body: nothing,
    }
  }
  const good = whole(200, body)
  const asksForTags = headers['if-none-match'] !== undefined
  switch (mischief.takeOneOf(badFiles, file.name)) {
    case 'file-expired-400':
      return xml(400, 'ExpiredToken', 'The provided token has expired.')
    case 'file-expired-403':
      return xml(403, 'AccessDenied', 'Request has expired.')
    case 'file-404':
      return noSuchKey()
    case 'file-503':
      return xml(503, 'ServiceUnavailable', 'Please retry.')
    case 'file-200-html':
      return html(200)
    case 'file-truncated-json':
      return whole(200, body.subarray(0, Math.floor(body.length * 0.6)))
    case 'file-empty-body':
      return whole(200, nothing)
    case 'file-not-an-array':
      return whole(200, writeJson({ rows: file.rows }, writing))
    case 'file-with-a-bad-row': {
      const half = Math.floor(file.rows.length / 2)
      const odd = [...file.rows.slice(0, half), null, 7, [], ...file.rows.slice(half)]
      return whole(200, writeJson(odd, writing))
    }
    case 'file-cut-before':
      return { ...good, fate: 'cut-before' }
    case 'file-cut-midway':
      return { ...good, fate: 'cut-midway' }
    case 'file-cut-midway-chunked':
      return { ...good, fate: 'cut-midway', headers: { ...good.headers, 'Transfer-Encoding': 'chunked' } }
    case 'file-hangs':
      return { ...good, fate: 'hangs' }
    case 'file-stalls':
      return { ...good, fate: 'stalls' }
    case 'file-redirect':
      return redirect(elsewhere)
    case 'file-304-unasked':
      return unchanged()
    case 'file-304-always':
      return asksForTags ? unchanged() : good
    case undefined:
      return tagged && matches(headers['if-none-match'], tag) ? unchanged() : good
  }
}

/** Weak comparison: the W/ does not count. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const bare = (one: string): string => one.trim().replace(/^W\//, '')
  return header.split(',').some((one) => bare(one) === bare(tag))
}

/** Where redirects lead: harmless to look at, ruinous to believe. */
export function answerElsewhere(path: string): Answer {
  if (path === '/elsewhere/listing')
    return json(writeJson({ result: { reservationDataUrls: [], guestDataUrls: [] } }))
  if (path === '/elsewhere/file') return json(writeJson([]))
  return plain(404)
}
