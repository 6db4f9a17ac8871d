/** Mails, alerts and the queue: a winery's own, and (for the roles of the installation) all. */

import type { z } from 'zod'
import {
  alertShape,
  mailFilters,
  mailParams,
  mailSchema,
  openOnly,
  openRequest,
  queueState,
  shownMail,
  wineryMailParams,
} from '../contract/api/operation.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandCode, idText, wineryParams } from '../contract/api/parts.ts'
import { readAlerts } from '../jobs/read-alerts.ts'
import { type OpenRequest, readOpenRequests, readQueueState } from '../jobs/read-queue.ts'
import { type OutboxMail, readMail, readOutbox } from '../notify/read-outbox.ts'
import { brandsAsked } from './authorize.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

const mailQuery = pageQuery.extend(mailFilters)
const alertQuery = pageQuery.extend({ state: openOnly })

export function addOperationRoutes(api: Api, { database: { db }, config, clock }: Parts): void {
  const byId = { shape: idText }

  const mails = (query: z.infer<typeof mailQuery>, wineryId: string | undefined) =>
    pageOfList<OutboxMail, string>(
      query,
      ['mails', wineryId, query.state],
      { ...byId, of: (mail) => mail.mailId },
      (before, limit) => readOutbox(db, { wineryId, state: query.state, before: before ?? undefined, limit }),
    )
  const mail = (mailId: string, wineryId: string | undefined) =>
    readMail(db, mailId, { wineryId, supportContact: config.supportContact })

  const alerts = (query: z.infer<typeof alertQuery>, of: { wineryId?: string; brandIds: string[] | null }) =>
    pageOfList<z.output<typeof alertShape>, string>(
      query,
      ['alerts', of, query.state],
      { ...byId, of: (alert) => alert.alertId },
      async (before, limit) => {
        const found = await readAlerts(db, { ...of, openOnly: query.state === 'open', before, limit })
        return found.map((alert) => alertShape.decode(alert))
      },
    )
  const requests = (query: z.infer<typeof pageQuery>, of: { wineryId?: string; brandIds: string[] | null }) =>
    pageOfList<OpenRequest, string>(
      query,
      ['requests', of],
      { ...byId, of: (one) => one.requestId },
      (after, limit) => readOpenRequests(db, { ...of, after, limit }),
    )

  api.get(
    '/wineries/:winery/mails',
    {
      config: { action: 'mails.read', wholeWinery: true },
      schema: {
        tags: ['operation'],
        operationId: 'listWineryMails',
        summary: "The winery's mails in the outbox, the newest first",
        params: wineryParams,
        querystring: mailQuery,
        response: { 200: pageOf(mailSchema) },
      },
    },
    ({ query, winery }) => mails(query, winery.winery_id),
  )

  api.get(
    '/wineries/:winery/mails/:mail',
    {
      config: { action: 'mails.read', wholeWinery: true },
      schema: {
        tags: ['operation'],
        operationId: 'getWineryMail',
        summary: "One of the winery's mails as it is sent",
        params: wineryMailParams,
        response: { 200: shownMail },
      },
    },
    ({ params, winery }) => mail(params.mail, winery.winery_id),
  )

  api.get(
    '/mails',
    {
      config: { action: 'mails.read', installation: true },
      schema: {
        tags: ['operation'],
        operationId: 'listMails',
        summary: 'All mails in the outbox, the newest first',
        querystring: mailQuery,
        response: { 200: pageOf(mailSchema) },
      },
    },
    ({ query }) => mails(query, undefined),
  )

  api.get(
    '/mails/:mail',
    {
      config: { action: 'mails.read', installation: true },
      schema: {
        tags: ['operation'],
        operationId: 'getMail',
        summary: 'One mail as it is sent',
        params: mailParams,
        response: { 200: shownMail },
      },
    },
    ({ params }) => mail(params.mail, undefined),
  )

  api.get(
    '/wineries/:winery/alerts',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['operation'],
        operationId: 'listWineryAlerts',
        summary: "What is wrong with the winery's pulls, and since when; the newest first",
        params: wineryParams,
        querystring: alertQuery.extend({ brand: brandCode.optional() }),
        response: { 200: pageOf(alertShape) },
      },
    },
    async (request) => {
      const { query, winery } = request
      return alerts(query, {
        wineryId: winery.winery_id,
        brandIds: await brandsAsked(request, db, query.brand),
      })
    },
  )

  api.get(
    '/alerts',
    {
      config: { action: 'health.read', installation: true },
      schema: {
        tags: ['operation'],
        operationId: 'listAlerts',
        summary: 'What is wrong with pulls, over all wineries; the newest first',
        querystring: alertQuery,
        response: { 200: pageOf(alertShape) },
      },
    },
    ({ query }) => alerts(query, { brandIds: null }),
  )

  api.get(
    '/wineries/:winery/pull-requests',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'listPullRequests',
        summary: 'Pulls that were asked for and are not over, the oldest first',
        params: wineryParams,
        querystring: pageQuery.extend({ brand: brandCode.optional() }),
        response: { 200: pageOf(openRequest) },
      },
    },
    async (request) => {
      const { query, winery } = request
      return requests(query, {
        wineryId: winery.winery_id,
        brandIds: await brandsAsked(request, db, query.brand),
      })
    },
  )

  api.get(
    '/queue',
    {
      config: { action: 'queue.read', installation: true },
      schema: {
        tags: ['operation'],
        operationId: 'getQueue',
        summary: 'How many pulls wait and run, over all wineries',
        response: { 200: queueState },
      },
    },
    () => readQueueState(db, clock()),
  )

  api.get(
    '/queue/requests',
    {
      config: { action: 'queue.read', installation: true },
      schema: {
        tags: ['operation'],
        operationId: 'listQueue',
        summary: 'Pulls that were asked for and are not over, over all wineries; the oldest first',
        querystring: pageQuery,
        response: { 200: pageOf(openRequest) },
      },
    },
    ({ query }) => requests(query, { brandIds: null }),
  )
}
