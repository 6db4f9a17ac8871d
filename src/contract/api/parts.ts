/** What the shapes of several nouns are made of. */

import { z } from 'zod'

/** A moment: a Date in the program, ISO 8601 in UTC on the wire. */
export const instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

/** 64-bit ids are text. */
export const idText = z.string().regex(/^\d{1,18}$/)

/** Of the winery's zone, or of a business's. */
export const dayText = z.iso.date()

/** In an address, where all is text. */
export const flag = z.enum(['true', 'false'])

export const winerySlug = z
  .string()
  .max(63)
  .describe("The winery's slug, as in its address")
  .meta({ example: 'juniper-hill' })
export const brandCode = z.string().max(40).describe('The Brand Code').meta({ example: 'JH' })

export const wineryParams = z.object({ winery: winerySlug })
export const brandParams = z.object({ winery: winerySlug, brand: brandCode })
