/** What conditions can name at this winery, and what its numbers and codes are called. */

import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { segmentChoicesSchema } from '../../contract/api/segment-choices.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { useWinery } from '../winery.tsx'
import type { Naming } from './leaf-words.ts'

export type Choices = z.output<typeof segmentChoicesSchema>

const nothing: Choices = {
  customerSources: [],
  customerTypes: [],
  allocationTiers: [],
  locations: [],
  reservationTypes: [],
  experiences: [],
  tags: [],
  lists: [],
  pulls: [],
  imports: [],
}

/** `isThere`: until then nobody can say that a name is not the winery's. */
export function useChoices(): { choices: Choices; isThere: boolean } {
  const { winery } = useWinery()
  const { data } = useQuery(reading(at`/wineries/${winery}/segment-choices`, segmentChoicesSchema))
  return { choices: data ?? nothing, isThere: data !== undefined }
}

export function useNaming(): Naming {
  const { brands, hasSeveralBrands } = useWinery()
  const { choices } = useChoices()
  return {
    hasSeveralBrands,
    brand: (code) => brands.find(({ brand }) => same(brand, code))?.name ?? code,
    experience: (text) => choices.experiences.find(({ experienceId }) => experienceId === text)?.name ?? text,
    list: (segmentId) => choices.lists.find((one) => one.segmentId === segmentId)?.name ?? segmentId,
  }
}

export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
