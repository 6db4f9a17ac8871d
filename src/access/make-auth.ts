/**
 * better-auth, as it is used here: passwords, sessions, second factors and API keys, in schema `access`. Users come by
 * invitation only (`invitations.ts`), and what they may do is ours (`may.ts`).
 */

import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins'
import { CamelCasePlugin } from 'kysely'
import type { Config } from '../config.ts'
import type { Db } from '../database/connect.ts'
import type { Log } from '../log.ts'
import { isOwnOrigin } from './is-own-origin.ts'
import { publicUrl } from './one-time-token.ts'

/** Set by `answer-auth.ts` alone, on every request. */
export const clientAddressHeader = 'x-ecellar-client-ip'
export const cookiePrefix = 'ecellar-tock'
export const passwordLength = { min: 12, max: 128 }
export const resetMinutes = 60

export type Auth = ReturnType<typeof makeAuth>

export function makeAuth(parts: {
  db: Db
  secret: string
  config: Config
  log: Log
  sendReset(to: { userId: string; email: string; token: string }): Promise<void>
  wasReset(user: { userId: string; email: string }): Promise<void>
}) {
  const { config, log } = parts
  const base = new URL(publicUrl(config))
  const day = 24 * 60 * 60
  return betterAuth({
    appName: 'eCELLAR Tock Integration',
    baseURL: base.origin,
    basePath: '/api/auth',
    secret: parts.secret,
    database: {
      db: parts.db.withoutPlugins().withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true })),
      type: 'postgres',
      schemaName: 'access',
      transaction: true,
    },
    trustedOrigins: (request) =>
      request && isOwnOrigin(request.headers, config.publicUrl) ? [request.headers.get('origin')] : [],
    user: { modelName: 'users' },
    account: { modelName: 'accounts' },
    // Seven days without a visit end a session. No cache in the cookie: who is removed is out at once.
    session: { modelName: 'sessions', expiresIn: 7 * day, updateAge: day },
    verification: { modelName: 'verifications', storeIdentifier: 'hashed' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      resetPasswordTokenExpiresIn: resetMinutes * 60,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => parts.sendReset({ userId: user.id, email: user.email, token }),
      onPasswordReset: ({ user }) => parts.wasReset({ userId: user.id, email: user.email }),
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        // Whoever changes a password wants everybody else out, whether the page asks for it or not.
        if (ctx.path !== '/change-password') return
        return { context: { body: { ...ctx.body, revokeOtherSessions: true } } }
      }),
    },
    // In the database, so that all processes count together.
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'rateLimits',
      window: 60,
      max: 100,
      // Per client. Its own three in ten seconds would turn away an office that starts work together.
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/two-factor/*': { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix,
      // Said, because better-auth leaves both out where it believes to be tested.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      useSecureCookies: base.protocol === 'https:',
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    telemetry: { enabled: false },
    // Its messages are fixed sentences; what comes with them may name people.
    logger: { level: 'error', log: (_level, message) => log.warn({ part: 'better-auth' }, message) },
    // Faults come out to `answer-auth.ts`; by itself it would print them, with their data, past the log.
    onAPIError: { throw: true },
    plugins: [
      twoFactor({ issuer: 'eCELLAR Tock Integration', twoFactorTable: 'twoFactors' }),
      apiKey({
        schema: { apikey: { modelName: 'apiKeys' } },
        defaultPrefix: 'etk_',
        startingCharactersConfig: { charactersLength: 10 },
        maximumNameLength: 80,
        keyExpiration: { minExpiresIn: 0, maxExpiresIn: 366 },
        // The API limits its requests itself.
        rateLimit: { enabled: false },
      }),
    ],
  })
}
