/** The winery's settings, read and changed. */

import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { type settingsChange, settingsSchema } from '../../contract/api/settings.ts'
import { ask, at } from '../ask.ts'
import { reading } from '../reading.ts'
import { useWinery } from '../winery.tsx'

export type Settings = z.output<typeof settingsSchema>

export function useSettings() {
  const { winery } = useWinery()
  return useQuery(reading(at`/wineries/${winery}/settings`, settingsSchema))
}

export function changeSettings(winery: string, change: z.input<typeof settingsChange>): Promise<Settings> {
  return ask('PATCH', at`/wineries/${winery}/settings`, settingsSchema, { body: change })
}

/** Whether whoever is signed in may change what concerns all brands. */
export function useMayChange(): boolean {
  const { may, me } = useWinery()
  return may('settings.write') && me.brands === null
}

export function tellSaved(): void {
  notifications.show({ message: 'Saved' })
}
