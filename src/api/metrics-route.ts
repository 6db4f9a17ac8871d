/** `/metrics` for Prometheus: the installation's figures from the database, and this process's own. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { readFigures } from '../jobs/read-figures.ts'
import { metricsText, metricsType } from './metrics-text.ts'
import type { Api, Parts } from './parts.ts'

/** It counts every pull there ever was: a second's work for a million. Whoever asks more often gets the same again. */
const keptMs = 30_000

export function addMetricsRoute(
  api: Api,
  { database, config, clock }: Pick<Parts, 'database' | 'config' | 'clock'>,
): void {
  const ofProcess = new Registry()
  collectDefaultMetrics({ register: ofProcess })
  let last: { atMs: number; text: Promise<string> } | undefined
  const ofDatabase = () => {
    if (!last || performance.now() - last.atMs > keptMs) {
      const now = clock()
      const text = readFigures(database.db, now).then((figures) => metricsText(figures, now))
      const read = { atMs: performance.now(), text }
      last = read
      // One failure is not the answer to those who come next.
      text.catch(() => {
        if (last === read) last = undefined
      })
    }
    return last.text
  }

  api.get(
    '/metrics',
    {
      config: {
        action: 'health.read',
        alsoWith: (headers) => hasToken(headers, config.metricsToken),
      },
      schema: { hide: true },
      logLevel: 'warn',
    },
    async (_request, reply) => {
      const text = `${await ofDatabase()}\n${await ofProcess.metrics()}`
      return reply.header('cache-control', 'no-store').type(metricsType).send(text)
    },
  )
}

function hasToken({ authorization }: IncomingHttpHeaders, token: string | undefined): boolean {
  if (token === undefined || authorization === undefined) return false
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(authorization), hash(`Bearer ${token}`))
}
