/**
 * `npm run bench -- segments [--large]`: how long the count of a segment takes, beside the best SQL by hand on the same data
 * and questions, in one database with other wineries. --large adds a winery of a million customers and five million
 * reservations: 3 GB of disk, some minutes. `--data FOLDER` keeps the database there for another run.
 */

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { readDefinition } from '../src/contract/segment.ts'
import { type Database, openDatabase } from '../src/database/connect.ts'
import { countSegment } from '../src/segments/ask-segment.ts'
import { thisMachine, writePart } from './page.ts'
import { maySql, type Place, type Question, questions } from './segment-questions.ts'
import { benchNow, makeWinery, settle } from './segment-wineries.ts'

type BenchPlace = Place & { parts: Place['part'][] }

const large = process.argv.includes('--large')
const kept = process.argv.includes('--data') ? process.argv[process.argv.indexOf('--data') + 1] : undefined
const sizes = [
  { slug: 'small', customers: 50_000, reservations: 250_000, goalMs: 20 },
  ...(large ? [{ slug: 'large', customers: 1_000_000, reservations: 5_000_000, goalMs: 1_000 }] : []),
]

const folder = kept ?? (await mkdtemp(join(tmpdir(), 'ecellar-tock-bench-')))
await mkdir(folder, { recursive: true })
const isThere = existsSync(join(folder, 'data'))
const database = await openDatabase({ dataDir: join(folder, 'data') })
const owner = new pg.Client({ connectionString: database.url })
await owner.connect()
// As the product has it for a count: neither is to win by a setting.
await owner.query(
  "set jit = off; set work_mem = '64MB'; set random_page_cost = 1.1; set parallel_setup_cost = 100",
)
try {
  if (!isThere) await makeWineries()
  const lines = [
    '| customers | reservations | three conditions | by hand | product | ratio | goal | matching |',
    '|---:|---:|---|---:|---:|---:|---:|---:|',
  ]
  for (const size of sizes) lines.push(...(await measureWinery(database, size)))
  console.log(`\n${lines.join('\n')}`)
  await writePart('Counting a segment', [...explanation(), '', ...lines])
} finally {
  await owner.end()
  await database.close()
  if (kept === undefined) await rm(folder, { recursive: true, force: true })
}

async function makeWineries(): Promise<void> {
  for (let n = 1; n <= 10; n += 1) {
    await makeWinery(owner, `beside-${n}`, { customers: 5_000, reservations: 25_000 })
  }
  for (const size of sizes) {
    tell(`Making ${size.reservations.toLocaleString('en-US')} reservations …`)
    await makeWinery(owner, size.slug, size)
  }
  await settle(owner)
}

async function measureWinery({ db }: Database, size: (typeof sizes)[number]): Promise<string[]> {
  const place = await placeOf(size)
  const lines: string[] = []
  for (const question of questions) {
    const definition = readDefinition({ version: 1, where: question.where })
    const byHand = () => countByHand(question, place)
    const byProduct = () => countSegment({ db, wineryId: place.winery, now: benchNow }, definition)
    const [wanted, found] = [await byHand(), await byProduct()]
    if (wanted.matching !== found.matching || wanted.mayMail !== found.mayMail) {
      throw new Error(
        `${question.name}: ${JSON.stringify(wanted)} by hand, ${JSON.stringify(found)} by the product`,
      )
    }
    // In turns, so that what else the machine does disturbs both alike.
    const times = { hand: [] as number[], product: [] as number[] }
    for (let run = 0; run < (size.customers > 100_000 ? 3 : 15); run += 1) {
      times.hand.push(await timed(byHand))
      times.product.push(await timed(byProduct))
    }
    const [hand, product] = [median(times.hand), median(times.product)]
    const cells = [
      size.customers.toLocaleString('en-US'),
      size.reservations.toLocaleString('en-US'),
      question.name,
      ms(hand),
      ms(product),
      (product / hand).toFixed(2),
      `≤ 1.30, ≤ ${ms(size.goalMs)}`,
      found.matching.toLocaleString('en-US'),
    ]
    lines.push(`| ${cells.join(' | ')} |`)
    tell(lines.at(-1) ?? '')
  }
  return lines
}

/** As the tables' owner: no row-level security, no transaction, constants, one number beside the other. */
async function countByHand(
  question: Question,
  place: BenchPlace,
): Promise<{ matching: number; mayMail: number }> {
  const parts = question.inParts ? place.parts : [() => '']
  const counts = parts.map(
    (part) =>
      `select count(*) as matching, count(*) filter (where ${maySql}) as may ${question.sql({ ...place, part })}`,
  )
  const { rows } = await owner.query(
    `select sum(matching)::int as matching, sum(may)::int as "mayMail" from (${counts.join(' union all ')}) parts`,
  )
  return rows[0]
}

async function placeOf({ slug, customers }: { slug: string; customers: number }): Promise<BenchPlace> {
  const { rows } = await owner.query<{
    winery: string
    brands: Record<string, string>
    not_visits: string[]
    first: string
    last: string
  }>(
    `select w.winery_id::text as winery,
      (select json_object_agg(b.code, b.brand_id::text) from ecellar.brands b where b.winery_id = w.winery_id) as brands,
      (select json_agg(x.experience_id) from ecellar.experiences x
        join ecellar.list_entries t on t.winery_id = x.winery_id and t.entry_id = x.reservation_type_id
        where x.winery_id = w.winery_id and t.not_a_visit) as not_visits,
      (select min(customer_id)::text from ecellar.customers c where c.winery_id = w.winery_id) as first,
      (select max(customer_id)::text from ecellar.customers c where c.winery_id = w.winery_id) as last
    from ecellar.wineries w
    where w.slug = $1`,
    [slug],
  )
  const found = rows[0]
  if (!found) throw new Error(`There is no winery ${slug}; it was made without --large`)
  const parts = customers > 200_000 ? 6 : 2
  const [first, each] = [Number(found.first), (Number(found.last) + 1 - Number(found.first)) / parts]
  return {
    winery: found.winery,
    brands: found.brands,
    notVisits: found.not_visits.map((id) => `'${id}'`).join(', '),
    part: () => '',
    parts: Array.from(
      { length: parts },
      (_, n) => (column: string) =>
        `and ${column} >= ${Math.floor(first + n * each)} and ${column} < ${Math.floor(first + (n + 1) * each)}`,
    ),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

function ms(time: number): string {
  return time < 1000 ? `${time.toFixed(time < 100 ? 1 : 0)} ms` : `${(time / 1000).toFixed(2)} s`
}

function tell(line: string): void {
  console.error(line)
}

function explanation(): string[] {
  return [
    'Made by `npm run bench -- segments` (`-- segments --large` adds the million: 3 GB of disk, some minutes).',
    '*By hand* is the best SQL that we could write for that one question: as the owner of the tables, without row-level security, days and numbers looked up beforehand, both numbers (matching, may be mailed) in one statement.',
    'The *product* is `countSegment`: a transaction as the winery’s role, its brands, lists and mappings read, both numbers and why the others may not be mailed. Both on warm data, in turns, medians; the numbers of both were the same.',
    '',
    `Measured on ${thisMachine()}; load average ${loadavg()[0]?.toFixed(1)} at the end.`,
  ]
}
