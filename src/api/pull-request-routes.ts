/** Pulls that somebody asks for: a worker runs them; whoever asked follows. */

import { z } from 'zod'
import { brandParams } from '../contract/api/parts.ts'
import { askedPull, progressSchema, requestParams } from '../contract/api/pull.ts'
import { Refusal } from '../contract/errors.ts'
import type { PullProgress, PullRequest } from '../contract/pull-request.ts'
import type { Brand } from '../crm/brands.ts'
import { lastConfirmation, type VoidReason } from '../crm/preview-confirmations.ts'
import { readPullRequest } from '../jobs/read-pull-request.ts'
import { requestPull } from '../jobs/request-pull.ts'
import { watchPull } from '../jobs/watch-pull.ts'
import { brandAsked } from './authorize.ts'
import { endId, eventStream, type ServerEvent } from './event-stream.ts'
import type { Api, Db, Parts } from './parts.ts'
import { notThere } from './problems.ts'

const kinds = [
  [
    'previews',
    'preview',
    'pulls.preview',
    'startPreview',
    'Ask for a preview: what an initial pull would do',
  ],
  [
    'initial-pulls',
    'initial',
    'pulls.initial',
    'startInitialPull',
    "Ask for the brand's initial pull, once a winery admin has confirmed a preview's numbers",
  ],
  ['pulls', 'manual', 'pulls.start', 'startPull', 'Ask for a pull now'],
] as const

export function addPullRequestRoutes(api: Api, parts: Parts): void {
  const { queue } = parts
  const { db } = parts.database
  for (const [path, kind, action, operationId, summary] of kinds) {
    api.post(
      `/wineries/:winery/brands/:brand/${path}`,
      {
        config: { action },
        schema: {
          tags: ['pulls'],
          operationId,
          summary,
          description: 'The same that waits or runs already is not asked for twice: its request is answered.',
          params: brandParams,
          response: { 202: askedPull },
        },
      },
      async ({ winery, brand, principal }, reply) => {
        const asked = { winery: winery.slug, brand: brand.code, kind, requestedBy: principal }
        const preview = kind === 'initial' ? { mustMatchPullId: await confirmed(db, brand) } : {}
        const requestId = await requestPull(queue, { ...asked, ...preview })
        return reply
          .code(202)
          .header('location', `/api/v1/wineries/${winery.slug}/pull-requests/${requestId}`)
          .send(await readPullRequest(queue, requestId))
      },
    )
  }

  /** @throws not_found for one of another winery, or of a brand that is not to be seen */
  const requestAsked = async (
    request: Parameters<typeof brandAsked>[0] & { params: z.infer<typeof requestParams> },
  ): Promise<PullRequest> => {
    const asked = await readPullRequest(queue, request.params.request)
    if (asked.winery !== request.winery.slug) throw notThere()
    await brandAsked(request, db, asked.brand)
    return asked
  }

  api.get(
    '/wineries/:winery/pull-requests/:request',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'getPullRequest',
        summary: 'What has become of a pull that was asked for',
        params: requestParams,
        response: { 200: askedPull },
      },
    },
    (request) => requestAsked(request),
  )

  api.get(
    '/wineries/:winery/pull-requests/:request/events',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'watchPullRequest',
        summary: 'Live progress, as server-sent events',
        description:
          'Events `progress` until the pull is over, then one `end`, each with JSON (PullProgress). `Last-Event-ID` goes on where a connection broke; after the end it is answered with 204, so that an EventSource stops.',
        params: requestParams,
        response: {
          200: {
            description: 'A stream of events; `data` is a PullProgress',
            content: { 'text/event-stream': { schema: progressSchema } },
          },
          204: z.undefined().describe('It is over, and you have heard so'),
        },
      },
    },
    async (request, reply) => {
      const { requestId } = await requestAsked(request)
      return eventStream(request, reply, (signal) => progressEvents(watchPull(queue, requestId, signal)))
    },
  )
}

async function* progressEvents(progress: AsyncIterable<PullProgress>): AsyncGenerator<ServerEvent> {
  for await (const data of progress) {
    const isOver = ['done', 'failed', 'dropped'].includes(data.state)
    const id = isOver ? endId : `${data.state}-${data.filesDone}-${data.files}-${data.rows}`
    yield { id, event: isOver ? 'end' : 'progress', data }
  }
}

const voidWords: Record<VoidReason, string> = {
  'newer preview': 'A later preview has other numbers than the ones that were confirmed.',
  'settings changed': 'What new customers would get was changed since the numbers were confirmed.',
  'another business': 'The brand is another Tock business since the numbers were confirmed.',
}

/** The preview that the initial pull has to match. @throws Refusal invalid */
async function confirmed(db: Db, brand: Brand): Promise<string> {
  const last = await lastConfirmation(db, brand.winery_id, brand.brand_id)
  if (last && last.voidBecause === null) return last.pullId
  throw new Refusal(
    'invalid',
    last?.voidBecause
      ? voidWords[last.voidBecause]
      : "No winery admin has confirmed a preview's numbers for this brand.",
    'Run a preview; a winery admin looks at its numbers and confirms them. Then ask for the initial pull.',
  )
}
