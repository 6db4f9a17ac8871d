import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { type Answer, type Manners, send } from './answer.ts'
import type { BadWay, BadWayOptions } from './bad-ways.ts'
import { makeVenue, type OtherBusiness, type Venue } from './business.ts'
import { answerElsewhere, answerFile, noSuchKey, refusal } from './file-answers.ts'
import { answerListing, atTheDoor } from './listing.ts'
import { madeUpWinery } from './made-up-winery.ts'
import { makeSigner } from './signing.ts'
import type { SnapshotRows } from './snapshot.ts'

export type { BadWay, BadWayOptions } from './bad-ways.ts'
export { badFiles, badListings, oddManners, snapshotTrouble } from './bad-ways.ts'
export type { OtherBusiness } from './business.ts'
export { madeUpWinery } from './made-up-winery.ts'
export type { SnapshotRows } from './snapshot.ts'

export interface SeenRequest {
  to: 'api' | 'files'
  method: string
  /** Without the query. */
  path: string
  hadQuery: boolean
  /** Names only, in lower case. */
  headers: string[]
  /** Names only, as they came. */
  rawHeaders: string[]
  userAgent: string | undefined
  /** Was an If-None-Match sent? */
  conditional: boolean
  status: number
  fate: Answer['fate']
}

export interface OtherTock {
  baseUrl: string
  filesUrl: string
  /** Puts another snapshot in place; what is left out stays as it is. */
  publish(businessId: string, next: Partial<SnapshotRows>): void
  /** Adds a bad way to those that stand. */
  misbehave(businessId: string, how: BadWay, options?: BadWayOptions): void
  /** Takes all bad ways back. */
  behave(businessId: string): void
  requests(): SeenRequest[]
  forgetRequests(): void
  close(): Promise<void>
}

export interface OtherTockOptions {
  businesses: OtherBusiness[]
  port?: number
  /** The clock by which URLs are signed and expire. */
  clock?: () => Date
}

export async function startOtherTock(options: OtherTockOptions): Promise<OtherTock> {
  const clock = options.clock ?? (() => new Date())
  const venues = options.businesses.map(makeVenue)
  const signer = makeSigner()
  let seen: SeenRequest[] = []
  let filesOrigin = ''

  const note = (to: SeenRequest['to'], request: IncomingMessage, url: URL, answer: Answer): void => {
    seen.push({
      to,
      method: request.method ?? '',
      path: url.pathname,
      hadQuery: url.search !== '',
      headers: Object.keys(request.headers),
      rawHeaders: request.rawHeaders.filter((_, place) => place % 2 === 0),
      userAgent: request.headers['user-agent'],
      conditional: request.headers['if-none-match'] !== undefined,
      status: answer.status,
      fate: answer.fate,
    })
  }

  const onApi = (request: IncomingMessage, response: ServerResponse): void => {
    const url = urlOf(request)
    const asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.search,
      headers: request.headers,
    }
    const came = atTheDoor(asked, venues)
    request.resume()
    if ('status' in came) {
      note('api', request, url, came)
      send(came, response, {})
      return
    }
    const { manners, writing } = came.manners(acceptsGzip(request))
    const answer = answerListing(came, writing, { filesOrigin, signer, now: clock() })
    note('api', request, url, answer)
    send(answer, response, manners)
  }

  const onFiles = (request: IncomingMessage, response: ServerResponse): void => {
    const url = urlOf(request)
    const { answer, venue, manners } = storageAnswer(request, url)
    note('files', request, url, answer)
    send(answer, response, manners ?? {})
    venue?.served()
  }

  const storageAnswer = (
    request: IncomingMessage,
    url: URL,
  ): { answer: Answer; venue?: Venue; manners?: Manners } => {
    request.resume()
    if (url.pathname.startsWith('/elsewhere/')) return { answer: answerElsewhere(url.pathname) }
    const refused = refusal(request.method ?? '', request.headers, signer.check(url, clock()))
    if (refused) return { answer: refused }
    const [, , group, business, name = ''] = url.pathname.split('/').map(decodeURIComponent)
    const venue = venueOf(venues, business ?? '', group)
    const found = venue?.lookUp(name)
    if (!venue || !found) return { answer: noSuchKey() }
    const { manners, writing } = venue.manners(acceptsGzip(request), name)
    const elsewhere = `${filesOrigin}/elsewhere/file`
    return { answer: answerFile(venue, found, request.headers, writing, elsewhere), venue, manners }
  }

  const api = createServer(onApi)
  const files = createServer(onFiles)
  filesOrigin = await listen(files, 0)
  const baseUrl = await listen(api, options.port ?? 0)

  return {
    baseUrl,
    filesUrl: filesOrigin,
    publish: (businessId, next) => the(venues, businessId).publish(next),
    misbehave: (businessId, how, more = {}) => the(venues, businessId).misbehave(how, more),
    behave: (businessId) => the(venues, businessId).behave(),
    requests: () => [...seen],
    forgetRequests() {
      seen = []
    },
    async close() {
      await Promise.all([shut(api), shut(files)])
    },
  }
}

function venueOf(venues: Venue[], businessId: string, group?: string): Venue | undefined {
  return venues.find(
    ({ business }) =>
      business.businessId === businessId && (group === undefined || business.businessGroupId === group),
  )
}

function the(venues: Venue[], businessId: string): Venue {
  const venue = venueOf(venues, businessId)
  if (!venue) throw new Error(`no business ${businessId} here`)
  return venue
}

function urlOf(request: IncomingMessage): URL {
  return new URL(`http://127.0.0.1${request.url ?? '/'}`)
}

function acceptsGzip(request: IncomingMessage): boolean {
  return String(request.headers['accept-encoding'] ?? '').includes('gzip')
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function shut(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      reservations: { type: 'string', default: '500' },
      guests: { type: 'string', default: '400' },
      zone: { type: 'string', default: 'America/Los_Angeles' },
    },
  })
  const ids = { businessGroupId: '55', businessId: '707' }
  const winery = madeUpWinery({
    ...ids,
    seed: Number(values.seed),
    reservations: Number(values.reservations),
    guests: Number(values.guests),
    timeZone: values.zone,
    now: new Date(),
  })
  const { reservations, guests } = winery
  const apiKey = 'other-tock.made-up.key'
  const business = { ...ids, apiKey, reservations, guests, takenAt: new Date() }
  const tock = await startOtherTock({ businesses: [business], port: Number(values.port) })
  console.log(JSON.stringify({ baseUrl: tock.baseUrl, ...ids, apiKey }, null, 2))
}

if (import.meta.main) await main()
