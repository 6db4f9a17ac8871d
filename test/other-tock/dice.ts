/** Made-up chance that comes out the same for the same seeds. */
export interface Dice {
  /** From 0 up to, and without, `limit`. */
  below(limit: number): number
  between(least: number, most: number): number
  chance(likelihood: number): boolean
  pick<T>(list: readonly T[]): T
  shuffled<T>(list: readonly T[]): T[]
}

export function makeDice(...seeds: (string | number)[]): Dice {
  let state = hash(seeds.join('\n'))
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(roll() * limit)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (likelihood) => roll() < likelihood,
    pick: (list) => list[below(list.length)]!,
    shuffled(list) {
      const all = [...list]
      for (let last = all.length - 1; last > 0; last -= 1) {
        const other = below(last + 1)
        const held = all[last]!
        all[last] = all[other]!
        all[other] = held
      }
      return all
    },
  }
}

export function hash(text: string): number {
  let value = 0x811c9dc5
  for (const unit of Buffer.from(text)) value = Math.imul(value ^ unit, 0x01000193)
  return value >>> 0
}
