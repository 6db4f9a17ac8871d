/** How PostgreSQL is to go about the counting of a segment: with what settings, and in which parts at once. */

import type { SegmentWorld } from './segment-world.ts'

/**
 * Compiling takes longer than most counts; a million customers' rows are about 64 MB; what is counted lies in memory
 * mostly, where one page is as near as the next; a second process is worth it for some ten milliseconds.
 */
export const countingSettings = {
  jit: 'off',
  work_mem: '64MB',
  random_page_cost: '1.1',
  parallel_setup_cost: '100',
}

/**
 * Parts of the customers, by their numbers; of fewer, one of all of them: starting a process would take longer. Of many
 * more than there are processes, for they are not alike: newer customers have fewer reservations.
 */
export function countingParts(
  { customers: { first, last } }: SegmentWorld,
  { atLeast }: { atLeast: number } = { atLeast: 20_000 },
): ({ from: string; before: string } | null)[] {
  if (first === null || last === null) return [null]
  const [start, numbers] = [BigInt(first), BigInt(last) - BigInt(first) + 1n]
  if (numbers < atLeast) return [null]
  const parts = numbers < 200_000 ? 2 : 6
  const cut = (part: number) => String(start + (numbers * BigInt(part)) / BigInt(parts))
  return Array.from({ length: parts }, (_, part) => ({ from: cut(part), before: cut(part + 1) }))
}
