/** Tock's one read call, with the answers that its front door was seen to give. */

import type { IncomingMessage } from 'node:http'
import type { Fault, FaultBoard } from './faults.ts'
import { header, jsonReply, type Reply, textReply } from './http-reply.ts'
import { isRow } from './raw-row.ts'
import type { LinkSigner } from './signed-links.ts'
import { filesOf } from './snapshot-files.ts'
import type { SimulatorStats } from './stats.ts'
import type { Business, World } from './world.ts'

export const exportPath = '/api/data/export/urls'

export type TockApi = {
  world: World
  faults: FaultBoard
  signer: LinkSigner
  storageOrigin: string
  stats: SimulatorStats
}

export function answerApi(api: TockApi, request: IncomingMessage): Reply {
  const isListing = request.method === 'GET' && request.url === exportPath
  if (!isListing || !header(request, 'user-agent')) return textReply(400, 'text/plain', 'Bad Request')

  const business = businessOfScope(api.world, header(request, 'x-tock-scope'))
  const fault = api.faults.meet('listing', business?.businessId ?? null)
  const refusal = fault ? refusalOf(fault) : null
  if (refusal) return refused(api, refusal)

  const key = header(request, 'x-tock-authorization')
  if (!key) return refused(api, forbidden())
  // What Tock says to a scope it cannot read, or that the key does not open, was never seen. It is taken for what
  // a key that is not provisioned for the business gets.
  if (!business || key !== business.group.apiKey) return refused(api, unavailable())

  api.stats.listings++
  return spoiledListing(fault, listingOf(api, business))
}

type Listing = { reservationDataUrls: string[]; guestDataUrls: string[] }

function listingOf({ world, signer, storageOrigin, stats }: TockApi, business: Business): Listing {
  const folder = `/tock-data-exports/${business.group.businessGroupId}/${business.businessId}`
  // Every listing signs anew, so no two are alike.
  const signedMs = world.nowMs + stats.listings * 1000
  const links = (kind: string) =>
    filesOf(business)
      .filter((file) => file.kind === kind)
      .map((file) => signer.sign(storageOrigin, `${folder}/${file.name}`, signedMs))
  return { reservationDataUrls: links('reservations'), guestDataUrls: links('guests') }
}

function spoiledListing(fault: Fault | null, listing: Listing): Reply {
  switch (fault?.kind) {
    case 'empty_listing':
      return listed({ reservationDataUrls: [], guestDataUrls: [] })
    case 'missing_array':
      return listed(
        fault.missing === 'reservations'
          ? { guestDataUrls: listing.guestDataUrls }
          : { reservationDataUrls: listing.reservationDataUrls },
      )
    case 'not_json':
      return textReply(200, 'text/html; charset=UTF-8', '<!DOCTYPE html><html><body>Welcome</body></html>')
    case 'truncated': {
      const whole = listed(listing)
      return { ...whole, body: whole.body.subarray(0, Math.floor(whole.body.length * 0.6)) }
    }
    case 'cut':
      return { ...listed(listing), isCut: true }
    case 'slow':
      return { ...listed(listing), slow: { part: fault.part ?? 'headers', delayMs: fault.delayMs ?? 2000 } }
    default:
      return listed(listing)
  }
}

function listed(result: Partial<Listing>): Reply {
  const reply = jsonReply(200, { result })
  return { ...reply, headers: { ...reply.headers, server: 'cloudflare' } }
}

function refusalOf(fault: Fault): Reply | null {
  if (fault.kind === 'no_key_403') return forbidden()
  return fault.kind === 'key_refused_503' || fault.kind === 'down_503' ? unavailable() : null
}

function refused(api: TockApi, reply: Reply): Reply {
  api.stats.refused++
  return reply
}

function forbidden(): Reply {
  return { status: 403, headers: { server: 'cloudflare' }, body: Buffer.alloc(0) }
}

/** The same page for a wrong key and for an outage; no Retry-After. */
function unavailable(): Reply {
  const page =
    '<!DOCTYPE html>\n<html lang="en-US"><head><title>Service unavailable</title></head>' +
    '<body><h1>Error 503</h1><p>The service is temporarily unavailable.</p><p>Cloudflare</p></body></html>'
  const reply = textReply(503, 'text/html; charset=UTF-8', page)
  return { ...reply, headers: { ...reply.headers, server: 'cloudflare', 'cf-ray': '8f2c1d0e9a7b6c5d-SJC' } }
}

/** Compact JSON with both ids as strings, as documented; anything else names no business. */
function businessOfScope(world: World, scope: string | undefined): Business | undefined {
  const parsed = scope === undefined ? undefined : parsedJson(scope)
  if (!isRow(parsed) || scope !== JSON.stringify(parsed) || Object.keys(parsed).length !== 2) return undefined
  return world.businesses.find(
    (business) =>
      parsed.businessId === business.businessId && parsed.businessGroupId === business.group.businessGroupId,
  )
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
