/** What Tock's words of a guest's profile say about mail (rule 19), as SQL on a guest `p`. */

/** An explicit no. */
export const saysOut = `coalesce(p.opt_in_source = 'OPTED_OUT', false)`

/** A withdrawal, where there was a yes from Tock. */
export const saysNo = `(coalesce(not p.opt_in, false) or coalesce(p.opt_in_source = 'NO_OPT_IN', false))`

export const saysYes = `coalesce(p.opt_in and p.opt_in_source in ('PURCHASE', 'WAITLIST', 'NEWSLETTER'), false)`

/** Kept as they were acted on, so that each change counts once. */
export const consentWords = `nullif(concat_ws(' ', 'optIn ' || p.opt_in, p.opt_in_source, p.date_opted_in), '')`
