/** A customer as an import leaves it, and who is a customer. */

import type { TockPlace } from './tock-place.ts'

export function insertCustomer(place: TockPlace, values: Record<string, string | boolean | null>) {
  const row = { email: 'ada@example.com', first_name: null, last_name: null, active: true, ...values }
  const cell = (value: string | boolean | null) => (value === null ? 'null' : `'${value}'`)
  return place.rows(`insert into ecellar.customers (winery_id, email_key, created_by, released_at, created_at, ${Object.keys(row).join(', ')})
    values (:id, lower('${row.email}'), 'import', '2020-01-01', '2020-01-01', ${Object.values(row).map(cell).join(', ')})`)
}

export async function customerEmails(place: TockPlace): Promise<string[]> {
  const rows = await place.rows<{ email: string }>(
    'select email from reporting.customers where winery = :winery order by email',
  )
  return rows.map((row) => row.email)
}
