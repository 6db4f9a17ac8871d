/** What a worker answers over HTTP: whether it lives, whether it is ready, and figures for who has the token. Nothing else. */

import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { addHealthRoutes } from './health-routes.ts'
import { addMetricsRoute } from './metrics-route.ts'
import type { Api, Parts } from './parts.ts'
import { notThere, ProblemAnswer, sendProblem } from './problems.ts'

export async function buildProbes(
  parts: Pick<Parts, 'database' | 'config' | 'log' | 'queue' | 'clock'>,
): Promise<Api> {
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(notThere(), request, reply))
  // Nobody can sign in here: what is not for anybody wants its token.
  app.addHook('onRequest', async (request) => {
    const { action, alsoWith } = request.routeOptions.config
    if (request.is404 || action === 'anybody' || alsoWith?.(request.headers)) return
    throw new ProblemAnswer(
      'not_signed_in',
      'The token of METRICS_TOKEN is missing, or another one.',
      'Send it: Authorization: Bearer METRICS_TOKEN. Who is signed in reads the same figures from "start".',
    )
  })
  const api: Api = app.withTypeProvider()
  addHealthRoutes(api, parts)
  addMetricsRoute(api, parts)
  await api.ready()
  return api
}
