/** SQL with named parameters, for statements that say the same few things many times. */

import type pg from 'pg'

/** What a statement of a pull may name: `:winery`, `:brand` … with the type each has. */
const types = {
  winery: 'bigint',
  brand: 'bigint',
  business: 'text',
  group: 'text',
  pull: 'bigint',
  taken_at: 'timestamptz',
  now: 'timestamptz',
  created_released_at: 'timestamptz',
  created_due_at: 'timestamptz',
  guest_groups: 'text[]',
} as const

export type PullFacts = Record<keyof typeof types, string | Date | string[] | null>

export async function run<Row extends pg.QueryResultRow = pg.QueryResultRow>(
  client: pg.Client,
  facts: PullFacts,
  text: string,
): Promise<pg.QueryResult<Row>> {
  const values: unknown[] = []
  const places = new Map<string, string>()
  const bound = text.replace(/(?<!:):([a-z_]+)\b/g, (whole, name: string) => {
    if (!(name in types)) return whole
    const known = places.get(name)
    if (known) return known
    values.push(facts[name as keyof PullFacts])
    const place = `$${values.length}::${types[name as keyof PullFacts]}`
    places.set(name, place)
    return place
  })
  return client.query<Row>(bound, values)
}
