/** What a condition can be about, as the builder offers it: each field has a shape, which says how it is edited. */

import type { Counted } from '../../contract/segment.ts'

export type Shape =
  | 'count'
  | 'visit'
  | 'names'
  | 'origins'
  | 'consents'
  | 'period'
  | 'flag'
  | 'text'
  | 'tags'
  | 'optedInAt'
  | 'listed'
  | 'createdIn'

type Operator = { name: string; label: string }
export type ConditionField = {
  name: string
  label: string
  group: string
  shape: Shape
  operators: Operator[]
}

const operators = {
  count: [
    { name: 'atLeast', label: 'at least' },
    { name: 'atMost', label: 'at most' },
    { name: 'exactly', label: 'exactly' },
  ],
  list: [
    { name: 'is', label: 'is' },
    { name: 'isNot', label: 'is not' },
  ],
  yesNo: [
    { name: 'yes', label: 'yes' },
    { name: 'no', label: 'no' },
  ],
  text: [
    { name: 'contains', label: 'contains' },
    { name: 'containsNot', label: 'does not contain' },
    { name: 'is', label: 'is' },
    { name: 'isNot', label: 'is not' },
    { name: 'startsWith', label: 'starts with' },
    { name: 'endsWith', label: 'ends with' },
    { name: 'filled', label: 'is there' },
    { name: 'empty', label: 'is missing' },
  ],
  tags: [
    { name: 'any', label: 'any of' },
    { name: 'all', label: 'all of' },
    { name: 'none', label: 'none of' },
  ],
  /** Nothing to choose: the builder shows no field for it. */
  only: [{ name: 'only', label: '' }],
} as const satisfies Record<string, Operator[]>

const counts: { name: Counted; label: string }[] = [
  { name: 'visits', label: 'Visits' },
  { name: 'attendedVisits', label: 'Visits, seen to come' },
  { name: 'upcoming', label: 'Upcoming reservations' },
  { name: 'cancelled', label: 'Cancelled reservations' },
  { name: 'noShows', label: 'No-shows' },
  { name: 'cancelledOrNoShows', label: 'Cancelled or no-shows' },
  { name: 'reservations', label: 'Reservations of any kind' },
]

const field = (
  group: string,
  name: string,
  label: string,
  shape: Shape,
  by: keyof typeof operators,
): ConditionField => ({ group, name, label, shape, operators: [...operators[by]] })

export const conditionFields: ConditionField[] = [
  ...counts.map(({ name, label }) => field('Visits and reservations', name, label, 'count', 'count')),
  field('Visits and reservations', 'firstVisit', 'First visit ever', 'visit', 'only'),
  field('Visits and reservations', 'lastVisit', 'Last visit', 'visit', 'only'),
  field('Marketing', 'mayMail', 'May be mailed', 'flag', 'yesNo'),
  field('Marketing', 'emailConsent', 'Consent', 'consents', 'list'),
  field('Marketing', 'optedInAt', 'Opted in at a brand', 'optedInAt', 'yesNo'),
  field('Marketing', 'isReleased', 'Released for marketing', 'flag', 'yesNo'),
  field('Marketing', 'released', 'Released when', 'period', 'only'),
  field('Marketing', 'bounced', 'Mail came back', 'flag', 'yesNo'),
  field('Customer', 'customerSource', 'Customer Source', 'names', 'list'),
  field('Customer', 'customerType', 'Customer Type', 'names', 'list'),
  field('Customer', 'allocationTier', 'Allocation Tier', 'names', 'list'),
  field('Customer', 'clubMember', 'Club member', 'flag', 'yesNo'),
  field('Customer', 'active', 'Active', 'flag', 'yesNo'),
  field('Customer', 'tags', 'Tags', 'tags', 'tags'),
  field('Customer', 'created', 'Created when', 'period', 'only'),
  field('Customer', 'createdBy', 'Created by', 'origins', 'list'),
  field('Customer', 'createdInPull', 'Created in a pull', 'createdIn', 'only'),
  field('Customer', 'createdInImport', 'Created in an import', 'createdIn', 'only'),
  field('Customer', 'listed', 'On the list of a static segment', 'listed', 'only'),
  field('Name and address', 'email', 'E-mail address', 'text', 'text'),
  field('Name and address', 'firstName', 'First name', 'text', 'text'),
  field('Name and address', 'lastName', 'Last name', 'text', 'text'),
]

const byName = new Map(conditionFields.map((one) => [one.name, one]))

/** `undefined`: nothing is chosen yet. */
export function conditionField(name: string): ConditionField | undefined {
  return byName.get(name)
}
