/** Decisions in words, as dialogs and lists say them. */

import { type DecisionKind, decisionsOf } from '../../contract/exception-decisions.ts'
import type { ExceptionCode } from '../../contract/vocabulary.ts'

export type Choice = { kind: DecisionKind; label: string; description: string }

const words: Record<DecisionKind, Omit<Choice, 'kind'>> = {
  'same person': {
    label: 'The same person',
    description: 'Guests and reservations move to one customer; the one that a pull made is taken back.',
  },
  'different people': {
    label: 'Different people',
    description: 'They stay apart, and it is not asked again.',
  },
  customer: {
    label: 'The guest is a certain customer',
    description: 'The guest and the reservations are linked to it at once, and by every later pull.',
  },
  shared: {
    label: 'The address is shared by many',
    description: 'It goes on the shared-address list: it becomes and matches no customer any more.',
  },
  'one person': { label: "The address is one person's", description: 'It is not proposed again.' },
  take: { label: 'Take the new address', description: 'The customer has it in eCELLAR, at once.' },
  keep: {
    label: 'Keep the old address',
    description: 'The guest stays with the customer; this address is not asked about again.',
  },
  close: { label: 'Close it', description: 'It stays as it is, and is not listed again.' },
}

/** Where a decision means something more special than usual. */
const special: { [code in ExceptionCode]?: { [kind in DecisionKind]?: string } } = {
  same_address_other_name: {
    'same person': 'The guest stays with the customer, and it is not asked again.',
    'different people': 'The guest is nobody’s customer until it has an address of its own.',
  },
  email_of_another: {
    'different people': 'The guest stays with the customer of before, who keeps the old address.',
    customer: 'Only this guest moves there; the customer of before stays.',
  },
}

export function choicesOf(code: ExceptionCode): Choice[] {
  return decisionsOf[code].map((kind) => {
    const { label, description } = words[kind]
    return { kind, label, description: special[code]?.[kind] ?? description }
  })
}

export const decisionLabel = (kind: DecisionKind): string => words[kind].label
