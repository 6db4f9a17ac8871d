/**
 * One condition of a definition as a rule that the builder edits, and back. A rule may be unfinished: what it lacks is
 * simply not there.
 */

import type { RuleType } from 'react-querybuilder'
import {
  type Condition,
  type CountLeaf,
  conditionSchema,
  type Leaf,
  type Period,
} from '../../contract/segment.ts'
import { conditionField } from './condition-fields.ts'

/** `from`, `to`, `n` and `unit` are kept when the kind changes, so that nothing has to be typed twice. */
export type PeriodDraft = {
  kind?: Period['kind'] | undefined
  n?: number | undefined
  unit?: 'days' | 'weeks' | 'months' | 'years' | undefined
  from?: string | undefined
  to?: string | undefined
}
export type RangeDraft = { min?: number | undefined; max?: number | undefined }
/** Which reservations: a fact that is there, however empty, is shown. */
export type FactsDraft = {
  brands?: string[] | undefined
  locations?: (string | null)[] | undefined
  reservationTypes?: (string | null)[] | undefined
  experiences?: string[] | undefined
  statuses?: string[] | undefined
  partySize?: RangeDraft | undefined
  weekdays?: number[] | undefined
  timeOfDay?: { from?: string | undefined; to?: string | undefined } | undefined
  notesContain?: string | undefined
  bookedAhead?: RangeDraft | undefined
}
export type RuleValue = {
  values?: (string | null)[] | undefined
  text?: string | undefined
  /** Of a pull, an import, a static segment; the code of a brand. */
  of?: string | undefined
  period?: PeriodDraft | undefined
  /** How often. */
  times?: number | undefined
  facts?: FactsDraft | undefined
}
export type ConditionRule = RuleType<string, string, RuleValue>

const flagNames: Record<string, string> = { isReleased: 'released' }

export function ruleOf(leaf: Leaf): ConditionRule {
  switch (leaf.kind) {
    case 'count': {
      const { kind: _, of, times, in: period, ...facts } = leaf
      const value = { times: times.n, facts: given(facts), ...(period ? { period: draftOf(period) } : {}) }
      return { field: of, operator: times.is, value }
    }
    case 'firstVisit':
    case 'lastVisit': {
      const facts = given({ brands: leaf.brands })
      return { field: leaf.kind, operator: 'only', value: { period: draftOf(leaf.in), facts } }
    }
    case 'customerSource':
    case 'customerType':
    case 'allocationTier':
    case 'createdBy':
    case 'emailConsent':
    case 'tags':
      return { field: leaf.kind, operator: leaf.op, value: { values: leaf.values } }
    case 'created':
    case 'released':
      return { field: leaf.kind, operator: 'only', value: { period: draftOf(leaf.in) } }
    case 'flag':
      return { field: leaf.flag === 'released' ? 'isReleased' : leaf.flag, ...yesNo(leaf.is), value: {} }
    case 'text':
      return { field: leaf.field, operator: leaf.op, value: { text: leaf.value } }
    case 'hasText':
      return { field: leaf.field, operator: leaf.is ? 'filled' : 'empty', value: {} }
    case 'optedInAt':
      return { field: 'optedInAt', ...yesNo(leaf.is), value: { of: leaf.brand } }
    case 'listed':
      return { field: 'listed', operator: 'only', value: { of: leaf.segmentId } }
    case 'createdIn': {
      const field = leaf.what === 'pull' ? 'createdInPull' : 'createdInImport'
      return { field, operator: 'only', value: { of: leaf.id } }
    }
  }
}

export type ReadRule =
  | { leaf: Leaf }
  /** Where it is not finished: `['times', 'n']`, as in the definition. */
  | { missingAt: PropertyKey[] }

export function readRule(rule: ConditionRule): ReadRule {
  const wanted = leafWanted(rule)
  if (wanted === null) return { missingAt: ['field'] }
  const read = conditionSchema.safeParse(wanted)
  if (read.success) return { leaf: read.data as Exclude<Condition, { of: unknown }> as Leaf }
  return { missingAt: read.error.issues[0]?.path ?? [] }
}

/** What it says as far as it goes; whether that is a condition, the contract's schema tells. */
function leafWanted({ field: name, operator, value: given }: ConditionRule): unknown {
  const value: RuleValue = given ?? {}
  const field = conditionField(name)
  if (!field) return null
  switch (field.shape) {
    case 'count':
      return {
        kind: 'count',
        of: name,
        ...value.facts,
        ...(value.period ? { in: periodOf(value.period) } : {}),
        times: { is: operator, n: value.times },
      } satisfies Record<keyof Pick<CountLeaf, 'kind' | 'of' | 'times'>, unknown>
    case 'visit':
      return { kind: name, ...value.facts, in: periodOf(value.period) }
    case 'names':
    case 'origins':
    case 'consents':
    case 'tags':
      return { kind: name, op: operator, values: value.values ?? [] }
    case 'period':
      return { kind: name, in: periodOf(value.period) }
    case 'flag':
      return { kind: 'flag', flag: flagNames[name] ?? name, is: operator === 'yes' }
    case 'text':
      return operator === 'filled' || operator === 'empty'
        ? { kind: 'hasText', field: name, is: operator === 'filled' }
        : { kind: 'text', field: name, op: operator, value: value.text ?? '' }
    case 'optedInAt':
      return { kind: 'optedInAt', brand: value.of, is: operator === 'yes' }
    case 'listed':
      return { kind: 'listed', segmentId: value.of }
    case 'createdIn':
      return { kind: 'createdIn', what: name === 'createdInPull' ? 'pull' : 'import', id: value.of }
  }
}

function periodOf(draft: PeriodDraft | undefined): unknown {
  if (draft?.kind === undefined) return undefined
  if (draft.kind !== 'between') return { kind: draft.kind, n: draft.n, unit: draft.unit }
  const { from, to } = draft
  return { kind: 'between', ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

function draftOf(period: Period): PeriodDraft {
  return { ...period }
}

function yesNo(is: boolean): { operator: string } {
  return { operator: is ? 'yes' : 'no' }
}

/** Without what says nothing. */
function given<Facts extends object>(facts: Facts): Partial<Facts> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as Partial<Facts>
}
