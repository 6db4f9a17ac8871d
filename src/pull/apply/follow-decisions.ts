/**
 * What people decided about guests and addresses, before addresses are looked at: the surest match there is. It holds
 * for guests that are seen for the first time, also after an initial pull was undone and run again.
 */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'

/** Works on `people`. Where the customer is gone, his address (`lead_key`) leads to the one that takes his place. */
export async function followDecisions(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `update people p
    set customer_id = c.customer_id,
      link = case when c.customer_id is not null then 'matched' end,
      lead_key = case when c.customer_id is null then d.lead_key end,
      -- Not this one's, whose address it is: as if the address were shared.
      is_shared = p.is_shared and c.customer_id is null or coalesce(d.apart_key = p.email_key, false),
      kept_email_key = coalesce(p.kept_email_key, d.kept_key),
      consent_acted_on = case when p.is_new then d.consent_acted_on else p.consent_acted_on end
    from ecellar.guest_decisions d
    left join ecellar.customers c on c.winery_id = d.winery_id and c.customer_id = d.customer_id
    where d.winery_id = :winery and d.business_group_id = p.business_group_id and d.patron_id = p.patron_id
      and p.customer_id is null`,
  )
  await run(
    client,
    facts,
    `update people p
    set customer_id = c.customer_id,
      link = case when c.customer_id is not null then 'matched' end,
      lead_key = case when c.customer_id is null then d.lead_key end,
      kept_email_key = coalesce(p.kept_email_key, p.email_key)
    from ecellar.address_decisions d
    left join ecellar.customers c on c.winery_id = d.winery_id and c.customer_id = d.customer_id
    where d.winery_id = :winery and d.email_key = p.email_key
      and p.customer_id is null and p.lead_key is null and not p.is_shared`,
  )
}
