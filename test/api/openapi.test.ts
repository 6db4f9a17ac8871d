/** `npm run openapi` runs this file and writes docs/openapi.json anew. */

import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'

let database: TestDatabase
let api: ApiForTests
let text: string
beforeAll(async () => {
  database = await freshDatabase()
  api = await apiForTests(database)
  const { body } = await api.ask(null, 'GET', 'openapi.json')
  text = `${JSON.stringify(body, null, 2)}\n`
})
afterAll(async () => {
  await api.close()
  await database.drop()
})

it('the committed OpenAPI document is the one that the program makes', async () => {
  await expect(text).toMatchFileSnapshot('../../docs/openapi.json')
})

it('the OpenAPI document has nothing for a linter to say', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config })
  expect(
    problems.map(({ ruleId, severity, message, location }) => ({
      ruleId,
      severity,
      message,
      at: location[0]?.pointer,
    })),
  ).toEqual([])
})

it('every operation says what it does, by a name of its own', () => {
  const { paths } = JSON.parse(text) as {
    paths: Record<string, Record<string, { operationId?: string; summary?: string; 'x-action'?: string }>>
  }
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const names = operations.map((one) => one.operationId)
  expect(new Set(names).size).toBe(names.length)
  expect(operations.filter((one) => !one.summary || !one.operationId)).toEqual([])
})
