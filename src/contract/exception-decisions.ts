/** What a person can decide on which exception: one table for the rule, the API, the command line and the page. */

import type { ExceptionCode } from './vocabulary.ts'

export const exceptionStates = ['open', 'resolved', 'decided', 'all'] as const

export const decisionKinds = [
  /** It stays as it is, and closed. */
  'close',
  /** The guests it is about are a certain customer. */
  'customer',
  'same person',
  'different people',
  /** The address is shared by many. */
  'shared',
  /** The address is one person's, whatever names book with it. */
  'one person',
  /** The customer takes over the guest's new address. */
  'take',
  /** The customer keeps the address that it has. */
  'keep',
] as const
export type DecisionKind = (typeof decisionKinds)[number]

export const decisionsOf: Record<ExceptionCode, readonly DecisionKind[]> = {
  row_without_id: ['close'],
  unreadable_time: ['close'],
  invalid_email: ['close'],
  several_customers: ['customer', 'shared', 'close'],
  email_of_another: ['same person', 'different people', 'customer', 'shared', 'close'],
  email_changed: ['take', 'keep', 'shared', 'close'],
  shared_address_proposed: ['shared', 'one person', 'close'],
  same_address_other_name: ['same person', 'different people', 'shared', 'close'],
  similar_name: ['same person', 'different people', 'close'],
}

/** Doubtful matches, which have two sides; the others are rows that could not be stored or matched. */
export const doubtfulCodes = [
  'several_customers',
  'same_address_other_name',
  'similar_name',
  'email_of_another',
  'email_changed',
  'shared_address_proposed',
] as const satisfies readonly ExceptionCode[]
export type DoubtfulCode = (typeof doubtfulCodes)[number]
