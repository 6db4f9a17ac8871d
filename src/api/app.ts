/** The HTTP API put together: what every request passes through, then the routes. It holds no rule of its own. */

import { randomUUID } from 'node:crypto'
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { addAboutRoutes } from './about-routes.ts'
import { addApiKeyRoutes } from './api-key-routes.ts'
import { addAuditRoutes } from './audit-routes.ts'
import { addAuthRoute } from './auth-route.ts'
import { addAuthorization } from './authorize.ts'
import { addBrandRoutes } from './brand-routes.ts'
import { addCampaignRoutes } from './campaign-routes.ts'
import { addConsoleFiles } from './console-files.ts'
import { addCustomerRoutes } from './customer-routes.ts'
import { addCustomerWriteRoutes } from './customer-write-routes.ts'
import { addDoubtfulMatchRoutes } from './doubtful-match-routes.ts'
import { addEventStreams } from './event-stream.ts'
import { addExceptionRoutes } from './exception-routes.ts'
import { addExperienceRoutes } from './experience-routes.ts'
import { addExportScheduleRoutes } from './export-schedule-routes.ts'
import { addGuestAccessRoutes } from './guest-access-routes.ts'
import { addHandOverRoutes } from './hand-over-routes.ts'
import { addHealthRoutes } from './health-routes.ts'
import { addHomeRoutes } from './home-routes.ts'
import { addIdempotency } from './idempotency.ts'
import { addImportRoutes } from './import-routes.ts'
import { addInvitationRoutes } from './invitation-routes.ts'
import { addKeyRoutes } from './key-routes.ts'
import { addLeavingRoutes } from './leaving-routes.ts'
import { addLocationRoutes } from './location-routes.ts'
import { addGuestMask } from './mask-guests.ts'
import { addMeRoutes } from './me-routes.ts'
import { addMetricsRoute } from './metrics-route.ts'
import { addOpenApi, addOpenApiRoute } from './openapi.ts'
import { addOperationRoutes } from './operation-routes.ts'
import type { Api, Parts } from './parts.ts'
import { addPastExportRoutes } from './past-export-routes.ts'
import { notThere, problemResponses, sendProblem } from './problems.ts'
import { addPullDetailRoutes } from './pull-detail-routes.ts'
import { addPullRequestRoutes } from './pull-request-routes.ts'
import { addPullRoutes } from './pull-routes.ts'
import { addZeroByteRefusal } from './refuse-zero-bytes.ts'
import { addReleasePlanRoutes } from './release-plan-routes.ts'
import { addReleaseRoutes } from './release-routes.ts'
import { addRequestLimits } from './request-limits.ts'
import { addRequestLog } from './request-log.ts'
import { addReservationDayRoutes } from './reservation-day-routes.ts'
import { addReservationRoutes } from './reservation-routes.ts'
import { addScheduleRoutes } from './schedule-routes.ts'
import { addSegmentChoiceRoutes } from './segment-choice-routes.ts'
import { addSegmentHistoryRoutes } from './segment-history-routes.ts'
import { addSegmentRoutes } from './segment-routes.ts'
import { addSettingsRoutes } from './settings-routes.ts'
import { addProxyNotice } from './trusted-proxies.ts'
import { addUndoRoutes } from './undo-routes.ts'
import { addUserRoutes } from './user-routes.ts'
import { addWineryRoutes } from './winery-routes.ts'

export const apiRoot = '/api/v1'

/** One file per noun; a new one is named here. */
const routes: ((api: Api, parts: Parts) => void)[] = [
  addOpenApiRoute,
  addAboutRoutes,
  addMeRoutes,
  addHomeRoutes,
  addWineryRoutes,
  addBrandRoutes,
  addSettingsRoutes,
  addPullRoutes,
  addPullDetailRoutes,
  addPullRequestRoutes,
  addUndoRoutes,
  addExperienceRoutes,
  addLocationRoutes,
  addExceptionRoutes,
  addDoubtfulMatchRoutes,
  addCustomerRoutes,
  addSegmentRoutes,
  addSegmentHistoryRoutes,
  addCampaignRoutes,
  addExportScheduleRoutes,
  addReleaseRoutes,
  addReleasePlanRoutes,
  addSegmentChoiceRoutes,
  addCustomerWriteRoutes,
  addImportRoutes,
  addReservationRoutes,
  addReservationDayRoutes,
  addKeyRoutes,
  addHandOverRoutes,
  addScheduleRoutes,
  addOperationRoutes,
  addGuestAccessRoutes,
  addUserRoutes,
  addInvitationRoutes,
  addApiKeyRoutes,
  addAuditRoutes,
  addLeavingRoutes,
  addPastExportRoutes,
]

/** Scripts from here alone. Styles also from within: the interface library sets them on elements. */
function contentSecurity(publicUrl: string | undefined): FastifyHelmetOptions {
  const overHttps = publicUrl?.startsWith('https:') ?? false
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(overHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: overHttps,
  }
}

const bodyLimitBytes = 256 * 1024

export async function buildApi(
  parts: Parts,
  /** Further routes under `/api/v1`: for tests. */
  more: typeof routes = [],
): Promise<Api> {
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: bodyLimitBytes,
    // For a request to arrive in whole, a file of customers over a slow line included.
    requestTimeout: 300_000,
    exposeHeadRoutes: false,
    // Our own proxy says who asks; whoever else says so is not believed.
    trustProxy: parts.config.trustedProxies,
    // An address that cannot be read has no route whose handler could answer.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(notThere(), request, reply))
  const api: Api = app.withTypeProvider()
  await api.register(helmet, contentSecurity(parts.config.publicUrl))
  await addOpenApi(api)
  addRequestLog(api)
  addProxyNotice(api)
  addEventStreams(api)
  addZeroByteRefusal(api)
  await addRequestLimits(api, parts)
  addAuthorization(api, parts)
  addHealthRoutes(api, parts)
  addMetricsRoute(api, parts)
  await api.register(async (auth) => addAuthRoute(auth as Api, parts))
  await api.register(
    async (scope) => {
      const v1 = scope.withTypeProvider() as Api
      v1.addHook('onRoute', (route) => {
        if (route.schema)
          route.schema.response = { ...problemResponses, ...(route.schema.response as object) }
      })
      // Answers are made for whoever asks.
      v1.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
      })
      addGuestMask(v1)
      addIdempotency(v1, parts)
      for (const add of [...routes, ...more]) add(v1, parts)
    },
    { prefix: apiRoot },
  )
  await api.register(async (scope) => addConsoleFiles(scope as Api))
  await api.ready()
  return api
}
