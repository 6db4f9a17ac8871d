/** How often may be asked: per principal, else per address; less where something could be guessed. Each process counts for itself. */

import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import { askedBy } from './authorize.ts'
import type { Api, Parts, RequestLimits } from './parts.ts'
import { ProblemAnswer } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is asked for could be guessed by trying: far fewer requests. */
    guessable?: boolean
  }
}

const usual: RequestLimits = { signedIn: 600, address: 120, guessable: 20 }

export async function addRequestLimits(api: Api, { limits = usual }: Parts): Promise<void> {
  await api.register(rateLimit, {
    timeWindow: '1 minute',
    // An IPv6 customer has a whole /64.
    keyGenerator: (request) => {
      const principal = askedBy(request)
      const who = principal ? `${principal.kind} ${principal.id}` : normalizeIP(request.ip, 64)
      return request.routeOptions.config.guessable ? `guess ${normalizeIP(request.ip, 64)}` : who
    },
    max: (request) => {
      if (request.routeOptions.config.guessable) return limits.guessable
      return askedBy(request) ? limits.signedIn : limits.address
    },
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemAnswer(
        'too_many_requests',
        'Too many requests.',
        `Wait ${Math.ceil(ttl / 1000)} seconds, then ask more slowly. Headers x-ratelimit-… say how many are left.`,
      ),
  })
}
