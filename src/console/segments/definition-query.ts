/**
 * A definition as the query that the builder edits, and back: the same definition, whatever is in it. Conditions that
 * are not finished are left out on the way back.
 */

import type { RuleGroupType } from 'react-querybuilder'
import { type Condition, definitionVersion, type SegmentDefinition } from '../../contract/segment.ts'
import { type ConditionRule, readRule, ruleOf } from './condition-rule.ts'

export const combinators = ['all', 'any', 'none', 'notAll'] as const
export type Combinator = (typeof combinators)[number]

export type ConditionGroup = Omit<RuleGroupType<ConditionRule, Combinator>, 'rules' | 'not'> & {
  /**
   * As long as there is one condition, the group stands for it alone: `not` and the whole of a definition hold one
   * condition without a list, while the builder knows lists only.
   */
  alone?: boolean
  rules: (ConditionRule | ConditionGroup)[]
}

export function isGroup(one: ConditionRule | ConditionGroup): one is ConditionGroup {
  return 'rules' in one
}

export function emptyQuery(): ConditionGroup {
  return { combinator: 'all', rules: [] }
}

export function queryOf({ where }: SegmentDefinition): ConditionGroup {
  const query = nodeOf(where)
  return isGroup(query) ? query : { combinator: 'all', alone: true, rules: [query] }
}

function nodeOf(condition: Condition): ConditionRule | ConditionGroup {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { combinator: condition.kind, rules: condition.of.map(nodeOf) }
    case 'not': {
      const { of } = condition
      if (of.kind === 'all') return { combinator: 'notAll', rules: of.of.map(nodeOf) }
      if (of.kind === 'any') return { combinator: 'none', rules: of.of.map(nodeOf) }
      return { combinator: 'none', alone: true, rules: [nodeOf(of)] }
    }
    default:
      return ruleOf(condition)
  }
}

/** `null`: nothing in it is finished. */
export function definitionOf(query: ConditionGroup): SegmentDefinition | null {
  const where = conditionOf(query)
  return where && { version: definitionVersion, where }
}

function conditionOf(node: ConditionRule | ConditionGroup): Condition | null {
  if (!isGroup(node)) {
    const read = readRule(node)
    return 'leaf' in read ? read.leaf : null
  }
  const of = node.rules.map(conditionOf).filter((one) => one !== null)
  const [first] = of
  if (first === undefined) return null
  const { combinator, alone } = node
  const isNegated = combinator === 'notAll' || combinator === 'none'
  const kind = combinator === 'all' || combinator === 'notAll' ? 'all' : 'any'
  const inner: Condition = alone && of.length === 1 ? first : { kind, of }
  return isNegated ? { kind: 'not', of: inner } : inner
}

/** Every condition, finished or not, in the order in which they are read. */
export function rulesOf(query: ConditionGroup): ConditionRule[] {
  return query.rules.flatMap((one) => (isGroup(one) ? rulesOf(one) : [one]))
}
