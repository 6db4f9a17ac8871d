/** What the API is put together from; `server.ts` hands it in. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Access } from '../access/open-access.ts'
import type { Secrets } from '../access/secrets.ts'
import type { Config } from '../config.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Log } from '../log.ts'
import type { PullOptions } from '../pull/run-pull.ts'

export type Parts = {
  database: PullOptions['database']
  secrets: Secrets
  access: Access
  config: Pick<
    Config,
    | 'publicUrl'
    | 'port'
    | 'trustedProxies'
    | 'tockApiUrl'
    | 'tockApiUrlIsSet'
    | 'supportContact'
    | 'smtpUrl'
    | 'metricsToken'
  >
  log: Log
  queue: Queue
  clock(): Date
  limits?: RequestLimits
}

/** Requests per minute; each process counts for itself. */
export type RequestLimits = {
  /** Of somebody who is signed in. */
  signedIn: number
  /** Of an address that nobody signed in from. */
  address: number
  /** Of an address, on what could be guessed: sign-in, hand-over links. */
  guessable: number
}

export type Db = Parts['database']['db']

/** The app with our types; a file of routes exports `add…Routes(api, parts)`. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>
