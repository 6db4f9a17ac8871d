/** How often may be asked: per principal, else per address; less where something could be guessed. Each process counts for itself. */

import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { Api, Parts, RequestLimits } from './parts.ts'
import { ProblemAnswer } from './problems.ts'
import { askedBy } from './who-asks.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is asked for could be guessed by trying: far fewer requests. */
    guessable?: boolean
  }
}

const usual: RequestLimits = { signedIn: 600, address: 120, guessable: 20 }

const perMinute = '1 minute'

/** Before routes and hooks that count. */
export async function addRequestLimits(api: Api, { limits = usual }: Parts): Promise<void> {
  await api.register(rateLimit, {
    timeWindow: perMinute,
    keyGenerator: (request) => {
      const principal = askedBy(request)
      if (request.routeOptions.config.guessable) return `guess ${addressOf(request)}`
      return principal ? `${principal.kind} ${principal.id}` : addressOf(request)
    },
    max: (request) => {
      if (request.routeOptions.config.guessable) return limits.guessable
      return askedBy(request) ? limits.signedIn : limits.address
    },
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  })
}

/**
 * API keys that nobody has, counted per address before they are looked up. Only requests with a key are stopped: the
 * cookie of somebody else behind the same address may be good.
 */
export function limitGuesses(api: Api, { limits = usual }: Parts) {
  const limit = api.createRateLimit({ timeWindow: perMinute, max: limits.address, keyGenerator: addressOf })
  const isGuess = (request: FastifyRequest) => request.headers.authorization !== undefined
  return {
    /** @throws too_many_requests */
    async assertFew(request: FastifyRequest): Promise<void> {
      if (!isGuess(request)) return
      const found = await limit(request, { increment: false })
      if (!found.isAllowed && found.remaining === 0) throw tooMany(found.ttl)
    },
    async count(request: FastifyRequest): Promise<void> {
      if (isGuess(request)) await limit(request)
    },
  }
}

/** An IPv6 customer has a whole /64. */
function addressOf(request: FastifyRequest): string {
  return normalizeIP(request.ip, 64)
}

function tooMany(ttlMs: number): ProblemAnswer {
  const seconds = Math.ceil(ttlMs / 1000)
  const answer = new ProblemAnswer(
    'too_many_requests',
    'Too many requests.',
    `Wait ${seconds} seconds, then ask more slowly. Headers x-ratelimit-… say how many are left.`,
  )
  answer.retryAfterSeconds = seconds
  return answer
}
