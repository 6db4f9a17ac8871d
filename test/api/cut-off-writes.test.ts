/** A write whose process ended in the middle of it: its Idempotency-Key is free as soon as the process is gone. */

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { openProcessMark } from '../../src/access/process-mark.ts'
import type { Api } from '../../src/api/parts.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let api: ApiForTests
let done = 0
beforeAll(async () => {
  database = await freshDatabase()
  api = await apiForTests(database, {
    routes: [routes],
    people: [['support', { ...person('support'), id: 'sue' }]],
  })
})
afterAll(async () => {
  await api?.close()
  await database?.drop()
})

function routes(app: Api): void {
  app.post('/things', {
    config: { action: 'anybody signed in' },
    schema: { operationId: 'things', response: { 200: z.object({ done: z.number() }) } },
    handler: () => {
      done += 1
      return { done }
    },
  })
}

const write = () => api.ask('support', 'POST', 'things', { headers: { 'idempotency-key': 'k' } })

/** As when its process is killed; comes back when the server has noticed. */
async function end(number: number): Promise<void> {
  await sql`
    select pg_terminate_backend(pid, 5000) from pg_locks
    where locktype = 'advisory' and objid = ${number}`.execute(database.db)
}

it('until then the same request is told to wait; then one of those that ask again does it', async () => {
  await write()
  // As if another process had taken the key, and were at it.
  const other = openProcessMark(database)
  const number = await other.number()
  await sql`
    update ecellar.idempotency_keys
    set status = null, answer = null, held_by = ${number}`.execute(database.db)
  expect((await write()).status).toBe(409)
  await end(number)
  const again = await Promise.all([write(), write(), write()])
  expect(again.map(({ status }) => status)).toContain(200)
  expect(done).toBe(2)
  expect((await write()).body).toEqual({ done: 2 })
  await other.close()
})

it('a process whose connection was lost goes on with another number', async () => {
  const mark = openProcessMark(database)
  const before = await mark.number()
  expect(await mark.number()).toBe(before)
  await end(before)
  await expect.poll(() => mark.number()).not.toBe(before)
  await mark.close()
})
