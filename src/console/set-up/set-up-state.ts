/** Where the set-up of a brand stands: eight steps, in order; which are done, which is next, and whose turn it is. */

import type { z } from 'zod'
import type { nightlySchema } from '../../contract/api/brand.ts'
import type { keyStatusSchema } from '../../contract/api/key.ts'
import type { confirmationSchema, pullSchema } from '../../contract/api/pull.ts'
import type { settingsSchema } from '../../contract/api/settings.ts'
import type { Brand } from '../winery.tsx'

export type SetUpFacts = {
  brand: Brand
  key: z.output<typeof keyStatusSchema> | undefined
  settings: z.output<typeof settingsSchema>
  preview: z.output<typeof pullSchema> | undefined
  confirmation: z.output<typeof confirmationSchema> | null
  nightly: z.output<typeof nightlySchema>
}

export const stepNames = [
  'brand',
  'key',
  'connection',
  'settings',
  'preview',
  'approve',
  'map',
  'enable',
] as const
export type StepName = (typeof stepNames)[number]
export type Who = 'eCELLAR Support' | 'The winery' | 'Either of you'

export type Step = { name: StepName; title: string; who: Who; isDone: boolean }

export function stepsOf(facts: SetUpFacts): Step[] {
  const { brand, key, settings, preview, confirmation, nightly } = facts
  const defaults = settings.brands.find((one) => one.brand === brand.brand)?.effective
  const isStored = key?.storedFor != null
  const { hadInitialPull } = nightly
  const isConfirmed = confirmation !== null && confirmation.voidBecause === null
  return [
    { name: 'brand', title: 'The business at Tock, and its ids', who: 'eCELLAR Support', isDone: true },
    {
      name: 'key',
      title: 'The winery hands over its Tock key',
      who: key?.linkExpiresAt || key?.handedOver ? 'The winery' : 'eCELLAR Support',
      isDone: isStored,
    },
    {
      name: 'connection',
      title: 'Connection test',
      who: 'Either of you',
      // Whoever confirmed the key has seen what Tock calls the business; so has a pull.
      isDone: isStored && (key?.handedOver?.state === 'confirmed' || preview !== undefined || hadInitialPull),
    },
    {
      name: 'settings',
      title: 'Web Store Settings',
      who: 'Either of you',
      isDone: defaults?.customerSource != null && defaults.customerType != null,
    },
    {
      name: 'preview',
      title: 'Preview of the initial pull',
      who: 'Either of you',
      isDone: preview?.status === 'previewed' || hadInitialPull,
    },
    {
      name: 'approve',
      title: isConfirmed && !hadInitialPull ? 'Run the initial pull' : 'The winery approves, Support runs it',
      who: isConfirmed ? 'eCELLAR Support' : 'The winery',
      isDone: hadInitialPull,
    },
    {
      name: 'map',
      title: 'Map experiences and locations',
      who: 'The winery',
      isDone: hadInitialPull && nightly.unmapped === 0,
    },
    {
      name: 'enable',
      title: 'Enable the nightly pull',
      who: 'eCELLAR Support',
      isDone: brand.enabledAt !== null,
    },
  ]
}

/** The first that is not done. Mapping never blocks: once there is something to map, it may also be enabled first. */
export function nextStep(steps: Step[]): StepName | null {
  return steps.find(({ isDone }) => !isDone)?.name ?? null
}
