/** What was asked of the simulator so far. */

export type SimulatorStats = {
  /** Listings given. */
  listings: number
  /** Listings not given. */
  refused: number
  /** Files handed out whole, or begun. */
  files: number
  /** Bytes of those files, before compression. */
  bytes: number
  notModified: number
  ranges: number
  /** Requests to storage that carried Tock's headers, which must never leave for another host. */
  leaks: number
}

export function noStats(): SimulatorStats {
  return { listings: 0, refused: 0, files: 0, bytes: 0, notModified: 0, ranges: 0, leaks: 0 }
}
