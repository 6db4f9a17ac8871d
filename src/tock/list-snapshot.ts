/** Asks Tock for the files of its current snapshot. */

import { createHash } from 'node:crypto'
import type { Budget } from './budget.ts'
import { isLoopback, listingRequest, type TockConnection } from './connection.ts'
import type { FileKind } from './kept-rows.ts'
import { isRawRow } from './parse-rows.ts'
import { incompleteSnapshot, listingRefused } from './refusals.ts'
import { badStatus, RequestFailure, request } from './request.ts'

/** A file that Tock offers. The link opens everybody's data to whoever has it: it stays in memory. */
export type ListedFile = { kind: FileKind; fileId: string; name: string; link: URL }

/** Reservation files first, each kind in Tock's order. */
export type Listing = { files: ListedFile[]; listedAtMs: number }

/** @throws Refusal when Tock gives no whole listing */
export async function listSnapshot(
  connection: TockConnection,
  budget: Budget,
  signal?: AbortSignal,
): Promise<Listing> {
  const { url, headers } = listingRequest(connection)
  try {
    return await budget.tries(mayPass, signal).run(async (idleMs) => {
      const answer = await request(url, headers, [200], { idleMs, signal })
      if (answer.status !== 200) throw badStatus(answer)
      const dateMs = Date.parse(answer.headers.get('date') ?? '')
      return {
        files: readListing(answer.body, connection.allowLoopbackHttp),
        listedAtMs: Number.isNaN(dateMs) ? Date.now() : dateMs,
      }
    })
  } catch (error) {
    if (error instanceof BadListing) throw incompleteSnapshot(error.reason)
    throw error instanceof RequestFailure ? listingRefused(error) : error
  }
}

/** Redirects and most refusals stay what they are; too many requests, silence and faults of the server pass. */
function mayPass({ status }: RequestFailure): boolean {
  return status === null || status >= 500 || [408, 425, 429].includes(status)
}

/** An answer that is no listing; Tock may give a better one when asked again. */
class BadListing extends RequestFailure {}

function readListing(body: Uint8Array, allowLoopbackHttp: boolean): ListedFile[] {
  const listing = parseJson(body)
  const result = isRawRow(listing) ? listing.result : undefined
  if (!isRawRow(result)) throw new BadListing('the list of files is not what Tock documents')
  const files = [
    ...listedFiles('reservations', result.reservationDataUrls, allowLoopbackHttp),
    ...listedFiles('guests', result.guestDataUrls, allowLoopbackHttp),
  ]
  if (new Set(files.map((file) => file.fileId)).size < files.length) {
    throw new BadListing('the list of files names one of them twice')
  }
  return files
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

function listedFiles(kind: FileKind, links: unknown, allowLoopbackHttp: boolean): ListedFile[] {
  if (!Array.isArray(links)) throw new BadListing(`the list of files lacks the ${kind}`)
  const files = links.map((link, index) => listedFile(kind, link, index, allowLoopbackHttp))
  assertNoGap(kind, files)
  return files
}

function listedFile(kind: FileKind, text: unknown, index: number, allowLoopbackHttp: boolean): ListedFile {
  const link = typeof text === 'string' ? URL.parse(text) : null
  const isSafe =
    link?.protocol === 'https:' ||
    (link?.protocol === 'http:' && allowLoopbackHttp && isLoopback(link.hostname))
  if (!link || !isSafe || link.username !== '' || link.password !== '') {
    throw new BadListing(`link ${index + 1} to the ${kind} is not one that may be followed`)
  }
  const last = link.pathname.split('/').at(-1) ?? ''
  return {
    kind,
    fileId: createHash('sha256').update(link.pathname).digest('hex'),
    // Nothing but the kind of name that Tock uses: it is told to people.
    name: /^[a-z-]{1,40}\d{0,9}\.json$/i.test(last) ? last : `${kind} file ${index + 1}`,
    link,
  }
}

/** Tock numbers its files from 1: without one in between, its reservations would look as if they had gone. */
function assertNoGap(kind: FileKind, files: ListedFile[]): void {
  const numbers = files.map(({ name }) => /-(\d{1,9})\.json$/.exec(name)?.[1])
  if (numbers.length === 0 || numbers.includes(undefined)) return
  const sorted = [...new Set(numbers.map(Number))].sort((a, b) => a - b)
  const first = sorted[0] ?? 0
  // A number beyond counts something else than files: a business, a day.
  if (first > 2) return
  if (first > 1 || sorted.some((number, index) => number !== first + index)) {
    throw new BadListing(`the list of files skips some of the ${kind}`)
  }
}
