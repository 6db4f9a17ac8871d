/** When a brand's nightly pulls begin. */

import { scheduleChange, scheduleSchema } from '../contract/api/operation.ts'
import { brandParams } from '../contract/api/parts.ts'
import type { Brand } from '../crm/brands.ts'
import { readSchedules, setSchedule } from '../crm/schedules.ts'
import { nextTurnOf } from '../jobs/next-turn.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addScheduleRoutes(api: Api, { database: { db }, clock }: Parts): void {
  const shown = async (winery: string, { winery_id: wineryId, brand_id: brandId }: Brand) => {
    const schedule = (await readSchedules(db, { wineryId })).find((one) => one.brandId === brandId)
    if (!schedule) throw notThere()
    return { ...schedule, winery, nextPullAt: nextTurnOf(schedule, clock()) }
  }

  api.get(
    '/wineries/:winery/brands/:brand/schedule',
    {
      config: { action: 'settings.read' },
      schema: {
        tags: ['brands'],
        operationId: 'getSchedule',
        summary: "When the brand's nightly pulls begin, and when the next one does",
        params: brandParams,
        response: { 200: scheduleSchema },
      },
    },
    ({ winery, brand }) => shown(winery.slug, brand),
  )

  api.patch(
    '/wineries/:winery/brands/:brand/schedule',
    {
      config: { action: 'settings.write' },
      schema: {
        tags: ['brands'],
        operationId: 'changeSchedule',
        summary: 'Choose times of day and the zone that they are meant in',
        params: brandParams,
        body: scheduleChange,
        response: { 200: scheduleSchema },
      },
    },
    async ({ winery, brand, body, principal }) => {
      await setSchedule(db, brand, body, principal)
      return shown(winery.slug, brand)
    },
  )
}
