/** A write that is asked twice with one Idempotency-Key. */

import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { secretish, thing, things, useDoor } from './door-for-tests.ts'

const world = useDoor()

describe('a write with an Idempotency-Key', () => {
  const write = (who: string, key: string, body: unknown = thing, path = things) =>
    world.api.ask(who, 'POST', path, { body, headers: { 'idempotency-key': key } })
  const stored = async () =>
    (
      await sql<{ key: string; answer: string }>`select * from ecellar.idempotency_keys`.execute(
        world.database.db,
      )
    ).rows

  it('is done once and answered the same; what is kept of it is sealed', async () => {
    const first = await write('admin', 'k1')
    const again = await write('admin', 'k1')
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } })
    expect(first.headers['idempotent-replayed']).toBeUndefined()
    expect(JSON.stringify(await stored())).not.toMatch(
      new RegExp(`${secretish}|${String(first.body.secret)}`),
    )
  })

  it('is another one with another key, for another principal, or a day later', async () => {
    const first = await write('admin', 'k2')
    expect((await write('writing key', 'k2')).body).not.toEqual(first.body)
    expect((await write('admin', 'k3')).body).not.toEqual(first.body)
    world.api.clock.now = new Date(world.api.clock.now.getTime() + 24 * 3_600_000 + 1000)
    expect((await write('admin', 'k2')).body).not.toEqual(first.body)
  })

  it('is refused when the key was used for something else', async () => {
    await write('admin', 'k4')
    for (const other of [
      { body: { ...thing, size: 4 }, path: things },
      { body: thing, path: 'wineries' },
    ]) {
      const answer = await write('admin', 'k4', other.body, other.path)
      if (other.path === things) expect(answer).toMatchObject({ status: 422, body: { code: 'conflict' } })
      else expect(answer.status).toBeGreaterThanOrEqual(400)
    }
  })

  it('that was refused may be tried again with the same key', async () => {
    expect((await write('admin', 'k5', { ...thing, size: 9 })).status).toBe(422)
    expect((await write('admin', 'k5')).status).toBe(201)
  })

  it('is told to wait while the first is still being answered; one whose answer is not kept is told that it was done', async () => {
    const slow = 'wineries/juniper-hill/slow'
    const first = write('admin', 'k6', undefined, slow)
    const isRunning = async () => (await stored()).some((row) => row.key === 'k6')
    while (!(await isRunning())) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await write('admin', 'k6', undefined, slow)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('at this moment') },
    })
    world.started.resolve()
    expect((await first).status).toBe(200)
    expect(await write('admin', 'k6', undefined, slow)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('was done before') },
    })
  })
})
