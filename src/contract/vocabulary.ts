/** The closed word lists that tables, views, pages and logs share. */

export const reservationStatuses = [
  'Booked',
  'Confirmed',
  'Arrived',
  'Seated',
  'Completed',
  'Cancelled',
  'Transferred',
  'No Show',
  'Other',
] as const
export type ReservationStatus = (typeof reservationStatuses)[number]

export const exceptionCodes = [
  'row_without_id',
  'unreadable_time',
  'invalid_email',
  'several_customers',
  'email_of_another',
  'email_changed',
  'shared_address_proposed',
  'same_address_other_name',
  'similar_name',
] as const
export type ExceptionCode = (typeof exceptionCodes)[number]

/** The user-made lists of eCELLAR (rule 14): an entry is created only on purpose. */
export const listNames = [
  'customer source',
  'customer type',
  'allocation tier',
  'location',
  'reservation type',
] as const
export type ListName = (typeof listNames)[number]

export const emailConsents = ['in', 'out', 'unknown'] as const
export type EmailConsent = (typeof emailConsents)[number]

export const mailPolicies = ['opted-in', 'not-opted-out'] as const
export type MailPolicy = (typeof mailPolicies)[number]

/** When the reservation contact gets the mail after the night's pulls. */
export const nightMails = ['each-time', 'when-needed', 'never'] as const
export type NightMail = (typeof nightMails)[number]

/** The pseudo experience that walk-ins form (rule 14). */
export const walkInExperience = 'walk-in'
