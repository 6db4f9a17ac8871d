import type { IncomingHttpHeaders } from 'node:http'
import { type Answer, html, json, nothing, plain, redirect } from './answer.ts'
import { badListings } from './bad-ways.ts'
import type { Venue } from './business.ts'
import type { Signer } from './signing.ts'
import type { ExportFile } from './snapshot.ts'
import { type Writing, writeJson } from './wire.ts'

export const listingPath = '/api/data/export/urls'

export interface Asked {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
}

/** Who asks, as far as the door goes: either the venue that is asked about, or the answer at the door. */
export function atTheDoor(asked: Asked, venues: Venue[]): Venue | Answer {
  const { headers } = asked
  if (asked.path !== listingPath || asked.method !== 'GET') return plain(400)
  const key = headers['x-tock-authorization']
  if (typeof key !== 'string' || key === '') return plain(403)
  if (!headers['user-agent']) return plain(403)
  const known = venues.filter((venue) => venue.business.apiKey === key)
  if (known.length === 0) return html(503)
  const scope = readScope(headers['x-tock-scope'])
  if (!scope) return plain(400)
  if (asked.query !== '') return plain(400)
  if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding']) return plain(400)
  const venue = known.find(
    ({ business }) =>
      business.businessId === scope.businessId && business.businessGroupId === scope.businessGroupId,
  )
  return venue ?? html(503)
}

/** Compact JSON with the two ids as strings, and nothing else. */
function readScope(header: unknown): { businessId: string; businessGroupId: string } | undefined {
  if (typeof header !== 'string') return undefined
  let scope: unknown
  try {
    scope = JSON.parse(header)
  } catch {
    return undefined
  }
  if (typeof scope !== 'object' || scope === null || JSON.stringify(scope) !== header) return undefined
  const { businessId, businessGroupId, ...rest } = scope as Record<string, unknown>
  if (typeof businessId !== 'string' || typeof businessGroupId !== 'string') return undefined
  return Object.keys(rest).length === 0 ? { businessId, businessGroupId } : undefined
}

export interface Places {
  filesOrigin: string
  signer: Signer
  now: Date
}

export function pathOf(venue: Venue, file: ExportFile): string {
  const { businessGroupId, businessId } = venue.business
  return `/tock-data-exports/${encodeURIComponent(businessGroupId)}/${encodeURIComponent(businessId)}/${file.name}`
}

export function answerListing(venue: Venue, writing: Writing, places: Places): Answer {
  venue.listed()
  const link = (file: ExportFile): string =>
    places.signer.sign(places.filesOrigin, pathOf(venue, file), places.now)
  const reservationDataUrls = venue.current.reservationFiles.map(link)
  const guestDataUrls = venue.current.guestFiles.map(link)
  const say = (result: unknown): Answer => json(writeJson({ result }, writing))
  const good = say({ reservationDataUrls, guestDataUrls })
  switch (venue.mischief.takeOneOf(badListings)) {
    case undefined:
      return good
    case 'listing-503-html':
      return html(503)
    case 'listing-403-empty':
      return plain(403)
    case 'listing-400':
      return plain(400)
    case 'listing-200-html':
      return html(200)
    case 'listing-truncated-json':
      return json(good.body.subarray(0, Math.floor(good.body.length * 0.6)))
    case 'listing-empty-body':
      return json(nothing)
    case 'listing-cut-before':
      return { ...good, fate: 'cut-before' }
    case 'listing-cut-midway':
      return { ...good, fate: 'cut-midway' }
    case 'listing-hangs':
      return { ...good, fate: 'hangs' }
    case 'listing-redirect':
      return redirect(`${places.filesOrigin}/elsewhere/listing`)
    case 'listing-without-urls':
      return say({ reservationDataUrls: [], guestDataUrls: [] })
    case 'listing-without-result':
      return json(writeJson({}, writing))
    case 'listing-without-guests':
      return say({ reservationDataUrls })
    case 'listing-with-a-gap': {
      const gap = reservationDataUrls.length > 1 ? 1 : 0
      return say({ reservationDataUrls: reservationDataUrls.toSpliced(gap, 1), guestDataUrls })
    }
    case 'listing-names-a-file-twice':
      return say({
        reservationDataUrls: [...reservationDataUrls, ...reservationDataUrls.slice(0, 1)],
        guestDataUrls: [...guestDataUrls, ...guestDataUrls.slice(0, 1)],
      })
    case 'listing-out-of-order':
      return say({
        reservationDataUrls: reservationDataUrls.toReversed(),
        guestDataUrls: guestDataUrls.toReversed(),
      })
    case 'listing-with-unknown-fields': {
      const result = {
        waitlistDataUrls: ['https://storage.example.com/waitlist-1.json'],
        reservationDataUrls,
      }
      return json(writeJson({ apiVersion: 3, result: { ...result, guestDataUrls } }, writing))
    }
  }
}
