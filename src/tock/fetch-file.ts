/** Fetches one file of a snapshot, or learns that it is the one that is known already (rule 9). */

import { userAgent } from './connection.ts'
import type { ListedFile } from './list-snapshot.ts'
import { type Answer, badStatus, type Patience, RequestFailure, request } from './request.ts'

export type FetchedFile = {
  etag: string | null
  lastModifiedMs: number | null
  /** null: unchanged. */
  bytes: Uint8Array<ArrayBuffer> | null
}

/** The link opens nothing any more, or nothing yet. */
export class LinkRefused extends RequestFailure {}

/** @throws RequestFailure */
export async function fetchFile(
  file: ListedFile,
  knownEtag: string | null,
  patience: Patience,
): Promise<FetchedFile> {
  const condition = knownEtag !== null && /^[\x21-\x7E]+$/.test(knownEtag) ? knownEtag : null
  if (condition === null) return await fetchWhole(file, patience)
  const answer = await get(file, { 'If-None-Match': condition }, [200], patience)
  if (answer.status !== 304) return whole(answer)
  const unchanged = await readUnchanged(file, answer, condition, patience)
  // Whoever says "unchanged" about something else than was asked for is not believed.
  return unchanged ?? (await fetchWhole(file, patience))
}

async function fetchWhole(file: ListedFile, patience: Patience): Promise<FetchedFile> {
  return whole(await get(file, {}, [200], patience))
}

function whole(answer: Answer): FetchedFile {
  if (answer.status !== 200) throw badStatus(answer)
  return { etag: etagOf(answer), lastModifiedMs: lastModifiedMs(answer), bytes: answer.body }
}

async function readUnchanged(
  file: ListedFile,
  answer: Answer,
  etag: string,
  patience: Patience,
): Promise<FetchedFile | null> {
  if (!isSameEtag(etagOf(answer), etag)) return null
  const knownMs = lastModifiedMs(answer)
  if (knownMs !== null) return { etag, lastModifiedMs: knownMs, bytes: null }
  // Without its date nobody knows whether the file belongs to this snapshot; one byte of it tells.
  const probe = await get(file, { Range: 'bytes=0-0' }, [], patience)
  if (probe.status !== 200 && probe.status !== 206) throw badStatus(probe)
  return isSameEtag(etagOf(probe), etag) ? { etag, lastModifiedMs: lastModifiedMs(probe), bytes: null } : null
}

async function get(
  file: ListedFile,
  headers: Record<string, string>,
  withBody: readonly number[],
  patience: Patience,
): Promise<Answer> {
  const answer = await request(file.link, { ...userAgent(), ...headers }, withBody, patience)
  if ([400, 401, 403, 404, 410].includes(answer.status)) {
    throw new LinkRefused(`its link is no longer valid (HTTP ${answer.status})`, answer.status)
  }
  return answer
}

/** Weak or strong does not matter for a whole file (RFC 9110 §8.8.3.2); an answer without a tag speaks of the one asked for. */
function isSameEtag(answered: string | null, known: string): boolean {
  return answered === null || answered.replace(/^W\//, '') === known.replace(/^W\//, '')
}

function etagOf(answer: Answer): string | null {
  const etag = answer.headers.get('etag')
  return etag !== null && etag.length <= 200 && etag !== '' ? etag : null
}

function lastModifiedMs(answer: Answer): number | null {
  const ms = Date.parse(answer.headers.get('last-modified') ?? '')
  return Number.isNaN(ms) ? null : ms
}
