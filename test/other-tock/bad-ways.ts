import type { SnapshotRows } from './snapshot.ts'

/** What can go wrong with the listing. Those written "facts" were seen on the wire or are told of by the facts. */
export const badListings = [
  'listing-503-html', // facts: a wrong or not yet provisioned key, which looks like an outage
  'listing-403-empty', // facts
  'listing-400', // facts
  'listing-200-html',
  'listing-truncated-json',
  'listing-empty-body',
  'listing-cut-before',
  'listing-cut-midway',
  'listing-hangs',
  'listing-redirect', // leads to the other host, where an empty listing and a trap for the key wait
  'listing-without-urls', // two empty lists
  'listing-without-result', // {}
  'listing-without-guests', // guestDataUrls is not there at all
  'listing-with-a-gap', // the second reservation file (or the only one) is not listed
  'listing-names-a-file-twice',
  'listing-out-of-order',
  'listing-with-unknown-fields',
] as const

/** What can go wrong with a file. */
export const badFiles = [
  'file-expired-400', // facts: XML
  'file-expired-403', // facts: XML
  'file-404',
  'file-503',
  'file-200-html',
  'file-truncated-json', // a whole answer whose JSON ends in the middle
  'file-empty-body',
  'file-not-an-array',
  'file-with-a-bad-row', // null, a number and a list between the rows
  'file-cut-before',
  'file-cut-midway', // fewer bytes than Content-Length promised
  'file-cut-midway-chunked',
  'file-hangs',
  'file-stalls', // half of it, then silence
  'file-redirect', // leads to an empty array
  'file-304-unasked', // not changed, though nobody asked
  'file-304-always', // not changed, whatever tag was sent and whatever the file holds
] as const

/** Odd but right: a client has to take these in its stride. */
export const oddManners = [
  'gzip', // when Accept-Encoding allows it
  'gzip-always',
  'bom',
  'chunked', // no Content-Length
  'tiny-chunks', // characters are cut in the middle
  'weak-etags',
  'changing-etags', // another tag at every request
  'no-etags',
  'no-last-modified',
  '304-without-last-modified',
  'upper-case-headers',
  'lower-case-headers',
  'string-ids',
  'pretty-json',
  'escaped-unicode',
  'odd-content-type', // application/octet-stream
  'trailing-empty-files', // a last file with no row in it
] as const

/** What becomes of a snapshot. Both need rows of another one. */
export const snapshotTrouble = [
  'mixed-snapshots', // files of this snapshot and of the one before; `times` counts listings, then healed
  'snapshot-replaced', // another one is put in the place of this one after `afterFiles` file answers
] as const

export type BadWay =
  | (typeof badListings)[number]
  | (typeof badFiles)[number]
  | (typeof oddManners)[number]
  | (typeof snapshotTrouble)[number]

export interface BadWayOptions {
  /** How many requests it meets; without it, until `behave`. */
  times?: number
  /** Only this file, such as `reservation-2.json`. */
  file?: string
  /** For `snapshot-replaced`. */
  next?: Partial<SnapshotRows>
  afterFiles?: number
}

interface Standing {
  how: BadWay
  left: number
  file: string | undefined
}

export interface Mischief {
  add(how: BadWay, options: BadWayOptions): void
  /** Is this its turn? Uses up one of its times. */
  take(how: BadWay, file?: string): boolean
  /** The first of these whose turn it is. */
  takeOneOf<Way extends BadWay>(ways: readonly Way[], file?: string): Way | undefined
  clear(): void
}

export function makeMischief(): Mischief {
  let all: Standing[] = []
  const find = (how: BadWay, file?: string): Standing | undefined =>
    all.find((one) => one.how === how && one.left > 0 && (one.file === undefined || one.file === file))
  const take = (how: BadWay, file?: string): boolean => {
    const found = find(how, file)
    if (found) found.left -= 1
    return found !== undefined
  }
  return {
    add(how, options) {
      all.push({ how, left: options.times ?? Number.POSITIVE_INFINITY, file: options.file })
    },
    take,
    takeOneOf: (ways, file) => ways.find((way) => take(way, file)),
    clear() {
      all = []
    },
  }
}
