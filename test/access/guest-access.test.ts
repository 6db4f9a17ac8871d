import { describe, expect, it } from 'vitest'
import { may } from '../../src/access/may.ts'
import { useAccess } from './access-for-tests.ts'

const world = useAccess()

describe('Support and guests', () => {
  it('sees them in full for an hour, in one winery, after giving a reason, which is recorded', async () => {
    const { wineryId } = await world.addWinery('guests')
    const other = await world.addWinery('other-guests')
    const support = await world.person({ role: 'support', name: 'Sue' })
    const sees = async (of: { wineryId: string }) => may(await support.principal(), 'guests.in-full', of)
    expect(await sees({ wineryId })).toBe(false)
    const reason = 'Ticket 4711: two guests are one'
    const { until } = await world.access.guestAccess.give({
      principal: await support.principal(),
      wineryId,
      reason,
    })
    expect(until).toEqual(new Date(world.clock.now.getTime() + 3_600_000))
    expect(await sees({ wineryId })).toBe(true)
    expect(await sees(other)).toBe(false)
    const asked = { principal: await support.principal(), wineryId }
    expect(await world.access.guestAccess.until(asked)).toEqual(until)
    expect((await world.audit('guests.ask'))[0]).toMatchObject({
      winery_id: wineryId,
      actor_name: 'Sue',
      details: { reason, until: until.toISOString() },
    })
    const second = await world.person({ role: 'support' })
    expect(may(await second.principal(), 'guests.in-full', { wineryId })).toBe(false)
    world.clock.now = until
    expect(await sees({ wineryId })).toBe(false)
    expect(await world.access.guestAccess.until(asked)).toBeNull()
  })

  it('gets nothing for no reason', async () => {
    const { wineryId } = await world.addWinery('no-reason')
    const support = await world.person({ role: 'support' })
    for (const reason of ['', '          ', 'because', 'x'.repeat(501), 'about guest@example.com']) {
      await expect(
        world.access.guestAccess.give({ principal: await support.principal(), wineryId, reason }),
      ).rejects.toMatchObject({ code: 'invalid' })
    }
    expect((await support.principal()).guestsOf).toEqual([])
  })
})
