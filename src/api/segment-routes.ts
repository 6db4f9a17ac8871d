/** Segments: count, look at, explain, save, export. They are over all brands, so not for whoever is limited to some. */

import { PassThrough } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { may } from '../access/may.ts'
import { customerSchema } from '../contract/api/customer.ts'
import { wineryParams } from '../contract/api/parts.ts'
import {
  savedSegmentSchema,
  segmentAsked,
  segmentCountSchema,
  segmentExplainAsked,
  segmentExplanationSchema,
  segmentExportAsked,
  segmentNamed,
  segmentPageAsked,
  segmentRenamed,
  segmentsSchema,
  segmentToSave,
} from '../contract/api/segment.ts'
import { Refusal } from '../contract/errors.ts'
import { asksForGuests, leavesOf, readDefinition, type SegmentDefinition } from '../contract/segment.ts'
import { countSegment, listSegment } from '../segments/ask-segment.ts'
import { explainCustomer } from '../segments/explain-customer.ts'
import { prepareExport, writeExport } from '../segments/export-segment.ts'
import { type AskedSegment, inSegment } from '../segments/in-segment.ts'
import { readyMade } from '../segments/ready-made.ts'
import { renameSegment } from '../segments/rename-segment.ts'
import { listSegments, removeSegment, saveSegment } from '../segments/saved-segments.ts'
import { clientGone } from './client-gone.ts'
import { sendFile } from './file-answer.ts'
import { seesGuests } from './mask-guests.ts'
import type { Api, Parts } from './parts.ts'

type Which = { segment?: string | undefined; definition?: Record<string, unknown> | undefined }
const config = { action: 'segments.read', wholeWinery: true, keepsNoAnswer: true } as const

export function addSegmentRoutes(api: Api, { database: { db } }: Parts): void {
  const now = () => new Date()
  const place = (request: Pick<FastifyRequest, 'winery' | 'principal'>) => ({
    db,
    wineryId: request.winery.winery_id,
    actor: request.principal,
    now: now(),
  })
  const shape = (operationId: string, summary: string) => ({
    tags: ['segments'],
    operationId,
    summary,
    params: wineryParams,
  })
  /** The definition of what was asked about. @throws Refusal not_found, invalid */
  const definitionAsked = async (request: FastifyRequest, given: Which): Promise<SegmentDefinition> => {
    const definition = await inSegment(place(request), which(given))
    if (!seesGuests(request) && leavesOf(definition.where).some(asksForGuests)) {
      throw new Refusal(
        'invalid',
        'This segment asks for names, addresses or notes, which you do not see in full.',
        'Take those conditions out, or ask somebody who sees guests in full.',
      )
    }
    return definition
  }

  api.post(
    '/wineries/:winery/segments/count',
    {
      config,
      schema: {
        ...shape('countSegment', 'How many match, how many may be mailed, and why the others may not'),
        body: segmentAsked,
        response: { 200: segmentCountSchema },
      },
    },
    async (request, reply) => {
      // A definition that changes while it is counted is counted no further.
      const signal = clientGone(reply)
      return countSegment({ ...place(request), signal }, await definitionAsked(request, request.body))
    },
  )

  api.post(
    '/wineries/:winery/segments/customers',
    {
      config,
      schema: {
        ...shape('listSegmentCustomers', 'Customers of a segment, in the order of their numbers'),
        body: segmentPageAsked,
        response: { 200: z.object({ items: z.array(customerSchema) }) },
      },
    },
    async (request, reply) => {
      const { limit, after = null, ...given } = request.body
      const asking = { ...place(request), signal: clientGone(reply) }
      return { items: await listSegment(asking, await definitionAsked(request, given), { after, limit }) }
    },
  )

  api.post(
    '/wineries/:winery/segments/explain',
    {
      config,
      schema: {
        ...shape('explainSegment', 'Why a customer is in or out, condition by condition'),
        body: segmentExplainAsked,
        response: { 200: segmentExplanationSchema },
      },
    },
    async (request) => {
      const { customer, ...given } = request.body
      return explainCustomer(place(request), await definitionAsked(request, given), customer)
    },
  )

  api.get(
    '/wineries/:winery/segments',
    {
      config: { action: 'segments.read', wholeWinery: true },
      schema: {
        ...shape('listSegments', 'The saved segments, and the ready-made ones to start from'),
        response: { 200: segmentsSchema },
      },
    },
    async (request) => ({ items: await listSegments(db, request.winery.winery_id), readyMade }),
  )

  api.post(
    '/wineries/:winery/segments',
    {
      config: { action: 'segments.write', wholeWinery: true },
      schema: {
        ...shape('saveSegment', 'Keep a definition as a segment'),
        body: segmentToSave,
        response: { 201: savedSegmentSchema },
      },
    },
    async (request, reply) => {
      const saved = await saveSegment(place(request), {
        ...request.body,
        definition: readDefinition(request.body.definition),
      })
      return reply.code(201).send(saved)
    },
  )

  api.post(
    '/wineries/:winery/segments/rename',
    {
      config: { action: 'segments.write', wholeWinery: true },
      schema: {
        ...shape('renameSegment', 'Give a segment another name; whatever uses it goes on'),
        body: segmentRenamed,
        response: { 200: savedSegmentSchema },
      },
    },
    (request) => renameSegment(place(request), request.body),
  )

  api.post(
    '/wineries/:winery/segments/remove',
    {
      config: { action: 'segments.write', wholeWinery: true },
      schema: {
        ...shape('removeSegment', 'Forget a segment; customers stay'),
        body: segmentNamed,
        response: { 200: z.object({ removed: z.string() }) },
      },
    },
    async (request) => ({ removed: (await removeSegment(place(request), request.body)).name }),
  )

  api.post(
    '/wineries/:winery/segments/export',
    {
      config: { action: 'exports.make', wholeWinery: true, keepsNoAnswer: true },
      schema: {
        ...shape('exportSegment', 'Those who may be mailed, as a file; the others too only with a reason'),
        body: segmentExportAsked,
        response: {
          200: {
            description: 'The file',
            content: { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { winery, principal, body } = request
      const { notForMailing, format, columns, ...given } = body
      if (notForMailing && !may(principal, 'exports.not-for-mailing', { wineryId: winery.winery_id })) {
        throw new Refusal(
          'invalid',
          'Customers who may not be mailed leave only by a winery admin.',
          'Leave notForMailing out, or ask a winery admin.',
        )
      }
      const options = { db, winery, actor: principal, now: now() }
      const wish = { of: which(given), format, columns, notForMailing }
      const made = await prepareExport(options, wish)
      const stream = new PassThrough()
      writeExport(options, made.exportId, stream).catch((error: Error) => stream.destroy(error))
      const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl'
      return sendFile(reply, { name: made.fileName, type, stream })
    },
  )
}

function which({ segment, definition }: Which): Exclude<AskedSegment, { segmentId: string }> {
  if (segment !== undefined && definition === undefined) return { name: segment }
  if (definition !== undefined && segment === undefined) return { definition: readDefinition(definition) }
  throw new Refusal('invalid', 'Name a segment or give a definition, one of the two.', 'Give one of them.')
}
