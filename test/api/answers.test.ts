/** What an answer holds: guests as whoever asks may see them, lists page by page. */

import { describe, expect, it } from 'vitest'
import { secretish, useDoor } from './door-for-tests.ts'

const world = useDoor()

describe('guests in an answer', () => {
  const guests = 'wineries/juniper-hill/guests'
  const inFull = {
    first: { email: secretish, name: 'Ada Lovelace', notes: 'Likes shade', visits: 3 },
    all: [{ email: null }, { email: 'bob@example.com' }, {}],
  }

  it('are masked for viewers, and for Support that gave no reason', async () => {
    for (const who of ['viewer', 'support']) {
      expect((await world.api.ask(who, 'GET', guests)).body).toEqual({
        first: { email: 'a…@e…', name: 'A…', notes: null, visits: 3 },
        all: [{ email: null }, { email: 'b…@e…' }, {}],
      })
    }
  })

  it('are shown to those who may see them', async () => {
    for (const who of ['admin', 'curious support']) {
      expect((await world.api.ask(who, 'GET', guests)).body).toEqual(inFull)
    }
  })
})

describe('a list', () => {
  const numbers = 'wineries/juniper-hill/numbers'

  it('is read page by page', async () => {
    const read: number[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `&cursor=${cursor}`
      const page = await world.api.ask<{ items: number[]; nextCursor: string | null }>(
        'admin',
        'GET',
        `${numbers}?limit=2${after}`,
      )
      read.push(...page.body.items)
      cursor = page.body.nextCursor
    } while (cursor !== null)
    expect(read).toEqual([1, 2, 3, 4, 5])
  })

  it.each([
    ['made up', 'bm90aGluZw'],
    ["another list's", Buffer.from(JSON.stringify(['AAAAAAAA', 2])).toString('base64url')],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    const answer = await world.api.ask('admin', 'GET', `${numbers}?cursor=${cursor}`)
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } })
  })
})
