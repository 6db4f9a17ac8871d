/**
 * Every mail of the program: its template and the data that it takes, and nothing else. Counts, names of wineries and
 * brands, sentences of this program; never a guest's data.
 */

import { z } from 'zod'

const count = z.int().nonnegative()
const instant = z.iso.datetime()
/** Of a winery, a brand, a user. */
const name = z.string().min(1)
/** A sentence or two of this program. */
const sentence = z.string().min(1).max(10_000)
const address = z.url({ protocol: /^https?$/ }).max(2000)
const brand = z.strictObject({ code: name, name })

/** How a brand fared in a night: as its last pull ended, or `none` when there was no pull. */
export const nightOutcomes = ['applied', 'waiting', 'rejected', 'refused', 'failed', 'none'] as const

export const mailData = {
  /** After the night's pulls, to the reservation contact: what needs a person, then what came. */
  'night-report': z.strictObject({
    wineryName: name,
    /** The night's own day, as the winery's calendar has it. */
    night: z.iso.date(),
    attention: z.array(sentence).max(100),
    brands: z.array(
      z.strictObject({
        ...brand.shape,
        outcome: z.enum(nightOutcomes),
        /** Of the last snapshot that was applied. */
        snapshotTakenAt: instant.nullable(),
        added: count,
        changed: count,
        missing: count,
        customersCreated: count,
      }),
    ),
    notReleased: count,
    consoleUrl: address.nullable(),
  }),
  /** Something went wrong; once per change of state. */
  alert: z.strictObject({
    wineryName: name.nullable(),
    brand: brand.nullable(),
    /** A few words for the subject: `No good pull for 30 hours`. */
    title: z.string().min(1).max(80),
    message: sentence,
    nextStep: sentence,
    since: instant,
    consoleUrl: address.nullable(),
  }),
  /** What an alert told is over. */
  recovery: z.strictObject({
    wineryName: name.nullable(),
    brand: brand.nullable(),
    title: z.string().min(1).max(80),
    message: sentence,
    since: instant,
    until: instant,
    consoleUrl: address.nullable(),
  }),
  invitation: z.strictObject({
    /** null: to the installation, as Support or operator. */
    wineryName: name.nullable(),
    invitedBy: name,
    role: name,
    link: address,
    expiresAt: instant,
  }),
  'password-reset': z.strictObject({ link: address, name, expiresAt: instant }),
  /** Two-factor sign-in was taken off a user; the next sign-in sets it up anew. */
  'two-factor-reset': z.strictObject({ resetBy: name, at: instant, signInUrl: address.nullable() }),
  /** Support asks for the Tock key. */
  'hand-over-link': z.strictObject({
    wineryName: name,
    brands: z.array(brand).min(1),
    askedBy: name,
    link: address,
    expiresAt: instant,
  }),
  /** Tock accepts a key that was handed over; a person still has to confirm what Tock calls the business. */
  'key-works': z.strictObject({
    wineryName: name,
    brands: z
      .array(z.strictObject({ ...brand.shape, businessId: name, businessName: name.nullable() }))
      .min(1),
    /** Where to confirm; null: nothing is left to confirm, or Support does it. */
    link: address.nullable(),
    isConfirmed: z.boolean(),
  }),
  /** Tock does not accept a key yet, or, after `triesUntil`, never did. */
  'key-not-accepted-yet': z.strictObject({
    wineryName: name,
    brands: z.array(brand).min(1),
    diagnosis: sentence,
    nextStep: sentence,
    /** Until then it is tried again by itself; null: no longer. */
    triesUntil: instant.nullable(),
  }),
} as const satisfies Record<string, z.ZodType>

export type MailTemplate = keyof typeof mailData
export type MailData<Template extends MailTemplate> = z.infer<(typeof mailData)[Template]>

/** A mail to be put into the outbox. */
export type Mail<Template extends MailTemplate = MailTemplate> = {
  [Each in Template]: {
    to: string
    template: Each
    data: MailData<Each>
    /** null: about no winery. */
    wineryId: string | null
    /** Put once under these words, however often it is asked for. */
    oncePer?: string
    /** Now, when absent. */
    putAt?: Date
  }
}[Template]

/** Their link opens something to whoever has it: it lies sealed in the outbox. */
export const linkTemplates = ['invitation', 'password-reset', 'hand-over-link', 'key-works'] as const
export type LinkTemplate = (typeof linkTemplates)[number]

/** Whom a mail's link is sealed for: a row whose address was changed opens nothing. */
export const mailLinkBinding = (recipient: string) => `mail/${recipient}`
