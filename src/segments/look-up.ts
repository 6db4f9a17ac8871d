/** From the names in a definition to the winery's own numbers. What is not there is refused, with what may have been meant. */

import { Refusal } from '../contract/errors.ts'
import type { ListName } from '../contract/vocabulary.ts'
import { didYouMean } from '../crm/near-names.ts'
import type { Id } from '../database/rows.ts'
import type { SegmentBrand, SegmentWorld } from './segment-world.ts'

/** @throws Refusal invalid */
export function entryIds(world: SegmentWorld, list: ListName, names: (string | null)[]): (Id | null)[] {
  const known = world.entries.filter((entry) => entry.list === list)
  return names.map((name) => {
    if (name === null) return null
    const found = known.find((entry) => same(entry.name, name))
    if (found) return found.entryId
    throw unknown(
      list,
      name,
      known.map((entry) => entry.name),
    )
  })
}

/** The brands of these codes; all of the winery's when none is named. @throws Refusal invalid */
export function brandsOf(world: SegmentWorld, codes: string[] | undefined): SegmentBrand[] {
  if (codes === undefined) return world.brands
  const found = codes.map((code) => {
    const brand = world.brands.find((one) => same(one.code, code))
    if (brand) return brand
    throw unknown(
      'brand',
      code,
      world.brands.map((one) => one.code),
    )
  })
  return [...new Set(found)]
}

/** Experiences of these names or ids, of each brand. @throws Refusal invalid */
export function experiencesOf(world: SegmentWorld, wanted: string[]): SegmentWorld['experiences'] {
  return wanted.flatMap((text) => {
    const byId = world.experiences.filter((one) => one.experienceId === text)
    const found = byId.length > 0 ? byId : world.experiences.filter((one) => same(one.name ?? '', text))
    if (found.length > 0) return found
    throw unknown(
      'Tock experience',
      text,
      world.experiences.flatMap((one) => one.name ?? []),
    )
  })
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function unknown(what: string, name: string, known: string[]): Refusal {
  return new Refusal(
    'invalid',
    `The segment speaks of the ${what} "${name}", which this winery does not have.${didYouMean(name, known)}`,
    'Correct the name, or take that condition out.',
  )
}
