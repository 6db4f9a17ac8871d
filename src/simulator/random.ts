/**
 * Randomness that repeats: every generator is seeded by numbers that name its subject (seed, business, row), so
 * any row can be made alone, in any order, and comes out the same.
 */

export type Random = () => number

/** mulberry32 over a mix of the given numbers; yields [0, 1). */
export function seededRandom(...subject: number[]): Random {
  let state = 0x9e3779b9
  for (const part of subject) state = mixed(state ^ mixed(part | 0))
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A number that stands for a text, to seed with (FNV-1a). */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** A whole number from `from` to `to`, both included. */
export function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1))
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(random() * list.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

/** One of the entries, each as likely as its weight; weights need not add up to one. */
export function pickWeighted<T>(
  random: Random,
  entries: readonly (readonly [weight: number, value: T])[],
): T {
  let left = random() * entries.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, value] of entries) {
    left -= weight
    if (left < 0) return value
  }
  const last = entries.at(-1)
  if (!last) throw new Error('nothing to pick from')
  return last[1]
}

// The finaliser of murmur3: neighbours in, strangers out.
function mixed(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
