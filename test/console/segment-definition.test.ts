/** What the builder of segments makes of a definition: without a browser. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionFields } from '../../src/console/segments/condition-fields.ts'
import { readRule, ruleOf } from '../../src/console/segments/condition-rule.ts'
import { definitionOf, queryOf } from '../../src/console/segments/definition-query.ts'
import { definitionWords } from '../../src/console/segments/definition-words.ts'
import type { Condition, SegmentDefinition } from '../../src/contract/segment.ts'
import { leavesOf, readDefinition } from '../../src/contract/segment.ts'
import { readyMade } from '../../src/segments/ready-made.ts'
import { randomCondition } from '../segments/random-segments.ts'

const naming = {
  hasSeveralBrands: true,
  brand: (code: string) => ({ JH: 'Juniper Hill', OA: 'Old Abbey' })[code] ?? code,
  experience: (text: string) => text,
  list: (segmentId: string) => `List ${segmentId}`,
}
const says = (where: Condition) => definitionWords({ version: 1, where }, naming)
const visits = (more: object): Condition =>
  ({ kind: 'count', of: 'visits', times: { is: 'atLeast', n: 2 }, ...more }) as Condition

describe('a definition and the query of the builder', () => {
  it('come back as they were, whatever is in them', () => {
    const listed = fc
      .integer({ min: 1, max: 99 })
      .map((id): Condition => ({ kind: 'listed', segmentId: `${id}` }))
    const condition = fc.oneof({ weight: 9, arbitrary: randomCondition }, { weight: 1, arbitrary: listed })
    fc.assert(
      fc.property(condition, (where) => {
        const definition: SegmentDefinition = { version: 1, where }
        expect(definitionOf(queryOf(definition))).toEqual(definition)
      }),
      { numRuns: 2_000 },
    )
  })

  it('name every kind of condition by a field that is offered', () => {
    fc.assert(
      fc.property(randomCondition, (where) => {
        for (const leaf of leavesOf(where)) {
          const { field, operator } = ruleOf(leaf)
          const offered = conditionFields.find(({ name }) => name === field)
          expect(offered?.operators.map(({ name }) => name)).toContain(operator)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('a condition that is not finished does not count, and says where it is not', () => {
    const finished = ruleOf({ kind: 'flag', flag: 'mayMail', is: true })
    const unfinished = { field: 'visits', operator: 'atLeast', value: { times: 2, facts: { brands: [] } } }
    expect(readRule(unfinished)).toEqual({ missingAt: ['brands'] })
    expect(readRule({ field: '', operator: '', value: {} })).toEqual({ missingAt: ['field'] })
    const query = { combinator: 'all' as const, rules: [finished, unfinished] }
    expect(definitionOf(query)?.where).toEqual({
      kind: 'all',
      of: [{ kind: 'flag', flag: 'mayMail', is: true }],
    })
    expect(definitionOf({ combinator: 'any', rules: [unfinished] })).toBeNull()
  })

  it('a group that stood for one condition is a list once there are two', () => {
    const query = queryOf({ version: 1, where: { kind: 'flag', flag: 'active', is: true } })
    query.rules.push(ruleOf({ kind: 'flag', flag: 'mayMail', is: true }))
    expect(definitionOf(query)?.where).toMatchObject({
      kind: 'all',
      of: [{ flag: 'active' }, { flag: 'mayMail' }],
    })
  })
})

describe('a definition in words', () => {
  it('reads like a sentence', () => {
    const in12 = { kind: 'last', n: 12, unit: 'months' }
    expect(
      says({ kind: 'all', of: [visits({ in: in12 }), { kind: 'flag', flag: 'mayMail', is: true }] }),
    ).toBe('Customers with at least 2 visits at any brand in the last 12 months and who may be mailed.')
    expect(
      says({
        kind: 'all',
        of: [visits({ brands: ['JH'] }), { kind: 'not', of: visits({ brands: ['OA'] }) }],
      }),
    ).toBe(
      'Customers with at least 2 visits at Juniper Hill and not among those with at least 2 visits at Old Abbey.',
    )
    expect(
      says(visits({ times: { is: 'atMost', n: 0 }, in: { kind: 'earlier', n: 1, unit: 'years' } })),
    ).toBe('Customers with no visits at any brand more than 1 year ago.')
  })

  it('says every fact of a count', () => {
    const facts = {
      brands: ['JH', 'OA'],
      locations: ['Barn', null],
      reservationTypes: ['Tasting'],
      experiences: ['Flight'],
      statuses: ['Completed'],
      partySize: { min: 4 },
      weekdays: [6, 7],
      timeOfDay: { from: '17:30', to: '21:00' },
      notesContain: 'anniversary',
      bookedAhead: { min: 1, max: 7 },
      in: { kind: 'between', from: '2026-01-01' },
    }
    expect(says(visits(facts))).toBe(
      'Customers with at least 2 visits at Juniper Hill or Old Abbey, at the location Barn or not mapped, of the type Tasting, ' +
        'of the experience Flight, with the status Completed, for at least 4 people, on a Saturday or Sunday, starting between ' +
        '5:30 PM and 9:00 PM, with “anniversary” in the notes, booked 1 to 7 days ahead, since Jan 1, 2026.',
    )
  })

  it('tells groups apart by brackets, and is there for whatever can be said', () => {
    const flag = (name: 'active' | 'bounced' | 'mayMail') => ({ kind: 'flag', flag: name, is: true }) as const
    expect(
      says({ kind: 'all', of: [flag('active'), { kind: 'any', of: [flag('bounced'), flag('mayMail')] }] }),
    ).toBe('Customers who are active and (whose mail came back or who may be mailed).')
    expect(says({ kind: 'customerType', op: 'isNot', values: [null] })).toBe(
      'Customers with a Customer Type.',
    )
    fc.assert(
      fc.property(randomCondition, (where) => {
        expect(says(where)).toMatch(/^Customers .+\.$/)
        expect(says(where)).not.toMatch(/undefined|null|NaN|Invalid| {2}/)
      }),
      { numRuns: 500 },
    )
  })

  it('the ready-made ones come through the builder as they are', () => {
    for (const { name, definition } of readyMade) {
      expect(definitionOf(queryOf(definition)), name).toEqual(readDefinition(definition))
    }
  })
})
