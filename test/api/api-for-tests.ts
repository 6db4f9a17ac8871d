/** The API over a database of its own, asked in memory; every answer is held against the OpenAPI document. */

import { tmpdir } from 'node:os'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { AccessMail } from '../../src/access/access-mail.ts'
import { openAccess } from '../../src/access/open-access.ts'
import { buildApi } from '../../src/api/app.ts'
import type { Api, Parts } from '../../src/api/parts.ts'
import { readConfig } from '../../src/config.ts'
import type { Principal } from '../../src/contract/access.ts'
import type { Database } from '../../src/database/connect.ts'
import { openLog } from '../../src/log.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { standInAccess } from './people.ts'

export type Answer<Body = Record<string, unknown>> = {
  status: number
  body: Body
  headers: Record<string, string | string[] | number | undefined>
}

export type ApiForTests = {
  app: Api
  people: Map<string, Principal>
  /** What stands in the log. */
  logged(): string
  /** @param as a name of `people`; null: nobody is signed in */
  ask<Body = Record<string, unknown>>(
    as: string | null,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    more?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer<Body>>
  clock: { now: Date }
  /** What access has put into the outbox. */
  mails: AccessMail[]
  close(): Promise<void>
}

export async function apiForTests(
  database: Database,
  options: {
    parts?: Partial<Parts>
    routes?: Parameters<typeof buildApi>[1]
    people?: [string, Principal][]
  } = {},
): Promise<ApiForTests> {
  const people = new Map(options.people ?? [])
  const lines: string[] = []
  const clock = { now: new Date('2026-06-01T12:00:00Z') }
  const mails: AccessMail[] = []
  const log = openLog({ stream: { write: (line: string) => lines.push(line) } as never })
  const access = await openAccess({
    database,
    secrets: options.parts?.secrets ?? openSecrets,
    config: readConfig({}, tmpdir()),
    log,
    sendMail: async (mail) => void mails.push(mail),
    now: () => clock.now,
  })
  const app = await buildApi(
    {
      database,
      secrets: openSecrets,
      access: { ...access, ...standInAccess(people) },
      config: {
        port: 4000,
        trustedProxies: ['loopback'],
        tockApiUrl: 'http://127.0.0.1:9',
        tockApiUrlIsSet: true,
        supportContact: 'eCELLAR Support',
      },
      log,
      // A queue only for tests that ask for pulls.
      queue: undefined as never,
      clock: () => clock.now,
      limits: { signedIn: 100_000, address: 100_000, guessable: 100_000 },
      ...options.parts,
    },
    options.routes,
  )
  const matches = documented(app)
  return {
    app,
    people,
    clock,
    mails,
    logged: () => lines.join(''),
    async ask(as, method, path, more = {}) {
      const url = path.startsWith('/') ? path : `/api/v1/${path}`
      const answer = await app.inject({
        method,
        url,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(method === 'GET' ? {} : { origin: 'http://localhost:4000' }),
          ...more.headers,
        },
        ...(more.body === undefined ? {} : { payload: more.body as Record<string, unknown> }),
      })
      matches(method, url, answer)
      const isJson = /json/.test(String(answer.headers['content-type']))
      return {
        status: answer.statusCode,
        body: (isJson ? answer.json() : answer.body) as never,
        headers: answer.headers,
      }
    },
    close: () => app.close(),
  }
}

type Responses = Record<string, { content?: Record<string, { schema: object }> }>

/** Throws when an answer is not what the document says of its address, status and kind. */
function documented(app: Api) {
  const document = app.swagger() as unknown as {
    paths: Record<string, Record<string, { responses: Responses }>>
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(document, 'openapi')
  const paths = Object.entries(document.paths).map(([path, operations]) => ({
    path,
    operations,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    // A fixed word goes before a parameter, as the router has it.
    parameters: path.split('{').length,
  }))
  paths.sort((a, b) => a.parameters - b.parameters)
  return (method: string, url: string, answer: LightMyRequestResponse) => {
    const address = url.split('?')[0] ?? ''
    const found = paths.find(({ pattern }) => pattern.test(address))
    if (!found) return
    const responses = found.operations[method.toLowerCase()]?.responses
    if (!responses) return
    const status = String(answer.statusCode)
    const key = status in responses ? status : `${status[0]}XX`
    const content = responses[key]?.content
    const told = `${method} ${found.path} answered ${status}`
    if (!responses[key]) throw new Error(`${told}, which the document does not know`)
    if (!content) {
      expect(answer.body, told).toBe('')
      return
    }
    const kind = String(answer.headers['content-type']).split(';')[0] ?? ''
    if (!content[kind]) throw new Error(`${told} as ${kind}, which the document does not know`)
    if (!kind.endsWith('json')) return
    const pointer = [found.path, method.toLowerCase(), 'responses', key, 'content', kind, 'schema']
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/')
    const validate = ajv.getSchema(`openapi#/paths/${pointer}`)
    if (!validate) throw new Error(`${told}: no schema in the document`)
    if (!validate(answer.json())) {
      throw new Error(`${told}, not as the document has it: ${ajv.errorsText(validate.errors)}`)
    }
  }
}
