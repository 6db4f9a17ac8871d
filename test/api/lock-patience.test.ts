/** A write that finds its winery's lock held, as by a pull that is applied, is told so instead of hanging. */

import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addWinery } from '../../src/crm/wineries.ts'
import { type Database, withLockPatience } from '../../src/database/connect.ts'
import { wineryLockSpace } from '../../src/database/tenant-session.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let impatient: Database
let api: ApiForTests
let holder: pg.Client
beforeAll(async () => {
  database = await freshDatabase()
  const { winery } = await addWinery(database.db, { slug: 'hill', name: 'Hill' }, actor)
  const wineryId = winery.winery_id
  impatient = withLockPatience(database, { patienceMs: 300, connections: 4 })
  api = await apiForTests(database, {
    parts: { database: impatient },
    people: [['admin', person('winery admin', { wineryId })]],
  })
  holder = await database.session()
  await holder.query('begin')
  await holder.query('select pg_advisory_xact_lock($1, $2::int)', [wineryLockSpace, wineryId])
})
afterAll(async () => {
  await holder?.end()
  await api?.close()
  await impatient?.close()
  await database?.drop()
})

const settings = () => api.ask('admin', 'PATCH', 'wineries/hill/settings', { body: { guardPercent: 30 } })
const importing = () =>
  api.ask('admin', 'POST', 'wineries/hill/customers/import', {
    body: Buffer.from('email,customer_source,customer_type\nmika@example.com,Web,Visitor\n'),
    headers: { 'content-type': 'text/csv', 'idempotency-key': 'this import' },
  })

it('it is refused as pull_running, with what to do, in a transaction and in a session', async () => {
  for (const write of [settings, importing]) {
    expect(await write()).toMatchObject({
      status: 409,
      body: { code: 'pull_running', nextStep: 'Try again in a minute.' },
    })
  }
})

it('reading goes on meanwhile', async () => {
  expect(await api.ask('admin', 'GET', 'wineries/hill/settings')).toMatchObject({
    status: 200,
    body: { guardPercent: 15 },
  })
})

it('once the lock is free the same request is done, with the same Idempotency-Key too', async () => {
  await holder.query('rollback')
  expect(await settings()).toMatchObject({ status: 200, body: { guardPercent: 30 } })
  expect(await importing()).toMatchObject({ status: 200, body: { created: 1 } })
})
