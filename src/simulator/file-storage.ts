/** The other host, where the export files lie: a bucket of Cloud Storage read through signed links. */

import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Fault, FaultBoard } from './faults.ts'
import { header, type Reply, textReply } from './http-reply.ts'
import type { LinkSigner } from './signed-links.ts'
import { type ExportFile, etagOf, type FileShelf, fileNamed, modifiedMs } from './snapshot-files.ts'
import { spoiledBody } from './spoil-file.ts'
import type { SimulatorStats } from './stats.ts'
import type { Business, World } from './world.ts'

export type FileStorage = {
  world: World
  faults: FaultBoard
  signer: LinkSigner
  shelf: FileShelf
  stats: SimulatorStats
}

export async function answerStorage(storage: FileStorage, request: IncomingMessage): Promise<Reply> {
  const link = new URL(request.url ?? '/', 'http://storage')
  if (tockHeaders.some((name) => header(request, name) !== undefined)) {
    storage.stats.leaks++
    return refusal(400, 'InvalidArgument', 'Headers of another service are not wanted here.')
  }
  const signed = request.method === 'GET' ? storage.signer.check(link, storage.world.nowMs) : 'forged'
  if (signed === 'forged') {
    return refusal(403, 'SignatureDoesNotMatch', 'The signature does not match the request.')
  }
  const [, , , businessId, name = ''] = link.pathname.split('/')
  const business = storage.world.businesses.find((one) => one.businessId === businessId)
  const fault = business ? storage.faults.meet('file', business.businessId, name) : null
  if (signed === 'expired' || fault?.kind === 'expired') {
    return refusal(400, 'ExpiredToken', 'The provided token has expired.')
  }
  if (fault?.kind === 'file_500') return refusal(500, 'InternalError', 'We encountered an internal error.')
  const file = business && fileNamed(business, name)
  if (!file) return refusal(404, 'NoSuchKey', 'The specified key does not exist.')
  return fileReply(storage, business, file, fault, request)
}

const tockHeaders = ['x-tock-authorization', 'x-tock-scope', 'authorization']

async function fileReply(
  { shelf, stats }: FileStorage,
  business: Business,
  file: ExportFile,
  fault: Fault | null,
  request: IncomingMessage,
): Promise<Reply> {
  const { delivery, businessId } = business
  const headers = fileHeaders(business, file, fault)
  const asked = delivery.sendsETag ? header(request, 'if-none-match') : undefined
  const spoilt =
    fault && fault.kind !== 'torn' ? spoiledBody(fault, shelf.read(business, file).body, businessId) : null
  const etag = spoilt ? etagOf(spoilt) : shelf.etag(business, file)
  if (delivery.sendsETag) headers.etag = etag

  if (asked !== undefined && namesTag(asked, etag)) {
    stats.notModified++
    if (!delivery.sendsLastModifiedWith304) delete headers['last-modified']
    return { status: 304, headers, body: Buffer.alloc(0), ...slowness(fault) }
  }
  const body = spoilt ?? shelf.read(business, file).body
  const range = rangeOf(header(request, 'range'), body.length)
  if (range) {
    stats.ranges++
    headers['content-range'] = `bytes ${range.from}-${range.to}/${body.length}`
    return { status: 206, headers, body: body.subarray(range.from, range.to + 1), ...slowness(fault) }
  }
  stats.files++
  stats.bytes += body.length
  const isCut = fault?.kind === 'cut'
  if (delivery.gzips && /\bgzip\b/.test(header(request, 'accept-encoding') ?? '')) {
    const packed = await promisify(gzip)(body, { level: 1 })
    const gzipHeaders = { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' }
    return { status: 200, headers: gzipHeaders, body: packed, isCut, ...slowness(fault) }
  }
  return { status: 200, headers, body, isCut, ...slowness(fault) }
}

function fileHeaders(business: Business, file: ExportFile, fault: Fault | null): Record<string, string> {
  // Torn: the guests are from half a day before.
  const tornMs = fault?.kind === 'torn' && file.kind === 'guests' ? 12 * 3_600_000 : 0
  return {
    'content-type': 'application/json',
    'last-modified': new Date(modifiedMs(business, file) - tornMs).toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=0',
    server: 'UploadServer',
  }
}

function slowness(fault: Fault | null): Pick<Reply, 'slow'> {
  if (fault?.kind !== 'slow') return {}
  return { slow: { part: fault.part ?? 'headers', delayMs: fault.delayMs ?? 2000 } }
}

function namesTag(list: string, etag: string): boolean {
  return list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}

/** One range of bytes; anything else is ignored, as servers may. */
function rangeOf(range: string | undefined, length: number): { from: number; to: number } | null {
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '')
  if (!match) return null
  const from = Number(match[1])
  const to = Math.min(length - 1, match[2] ? Number(match[2]) : length - 1)
  return from <= to ? { from, to } : null
}

function refusal(status: number, code: string, message: string): Reply {
  const xml = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return textReply(status, 'application/xml; charset=UTF-8', xml)
}
