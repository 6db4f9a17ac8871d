/** Exports of a segment to a file, again and again: what is scheduled, and what became of the last one. */

import { z } from 'zod'
import {
  exportScheduleChange,
  exportScheduleParams,
  exportScheduleSchema,
  exportSchedulesSchema,
  exportScheduleToAdd,
} from '../contract/api/export-schedule.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import {
  addExportSchedule,
  changeExportSchedule,
  removeExportSchedule,
} from '../segments/change-export-schedules.ts'
import { listExportSchedules } from '../segments/export-schedules.ts'
import type { Api, Parts } from './parts.ts'

export function addExportScheduleRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.get(
    '/wineries/:winery/export-schedules',
    {
      config: { action: 'exports.read', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'listExportSchedules',
        summary: 'Scheduled exports, and what became of the last one of each',
        params: wineryParams,
        response: { 200: exportSchedulesSchema },
      },
    },
    async ({ winery }) => ({ items: await listExportSchedules(db, winery.winery_id) }),
  )

  api.post(
    '/wineries/:winery/export-schedules',
    {
      config: { action: 'exports.make', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'addExportSchedule',
        summary: 'Export a segment to a file every day or every week',
        params: wineryParams,
        body: exportScheduleToAdd,
        response: { 201: exportScheduleSchema },
      },
    },
    async ({ winery, body, principal }, reply) => {
      const { segment, ...given } = body
      const options = { db, wineryId: winery.winery_id, actor: principal, now: clock() }
      const made = await addExportSchedule(options, { segment: { name: segment }, ...given })
      return reply.code(201).send(made)
    },
  )

  api.patch(
    '/wineries/:winery/export-schedules/:schedule',
    {
      config: { action: 'exports.make', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'changeExportSchedule',
        summary: 'Change a scheduled export, stop it, or start it again',
        params: exportScheduleParams,
        body: exportScheduleChange,
        response: { 200: exportScheduleSchema },
      },
    },
    ({ winery, params, body, principal }) =>
      changeExportSchedule(
        { db, wineryId: winery.winery_id, actor: principal, now: clock() },
        params.schedule,
        body,
      ),
  )

  api.delete(
    '/wineries/:winery/export-schedules/:schedule',
    {
      config: { action: 'exports.make', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'removeExportSchedule',
        summary: 'End a scheduled export; its file goes as well',
        params: exportScheduleParams,
        response: { 200: z.object({ removed: idText }) },
      },
    },
    async ({ winery, params, principal }) => {
      await removeExportSchedule({ db, wineryId: winery.winery_id, actor: principal }, params.schedule)
      return { removed: params.schedule }
    },
  )
}
