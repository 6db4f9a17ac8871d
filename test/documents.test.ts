/** Documents say what is so: commands, settings, codes, views and links are held against the program. */

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertCodes } from '../src/contract/alert.ts'
import { problemCodes } from '../src/contract/api/problem.ts'
import { errorCodes } from '../src/contract/errors.ts'
import { exceptionCodes, reservationStatuses } from '../src/contract/vocabulary.ts'
import { commandLines, faultOf, fencedBlocks } from './command-lines.ts'
import { freshDatabase, type TestDatabase } from './database-for-tests.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort()
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('commands in documents', () => {
  const shown = documents.flatMap((path) =>
    commandLines(fencedBlocks(read(path))).map((words) => ({ path, line: words.join(' '), words })),
  )

  it('are found at all', () => {
    expect(shown.length).toBeGreaterThan(40)
  })

  it.each(shown)('$path: ecellar-tock $line', async ({ words }) => {
    expect(await faultOf(words)).toBeUndefined()
  })

  it.each([
    [['pull', '--winery', 'a']],
    [['pull', '--winery', 'a', '--brand', 'B', '--not-there']],
    [['customers', 'forget', '--winery', 'a']],
    [['nonsense']],
    [['winery']],
  ])('a wrong one would be noticed: %j', async (words) => {
    expect(await faultOf(words)).toBeDefined()
  })

  it('every npm script that is shown exists', () => {
    const { scripts } = JSON.parse(read('package.json'))
    for (const path of documents) {
      for (const [, script] of read(path).matchAll(/npm run ([a-z-]+)/g))
        expect(scripts).toHaveProperty([script ?? ''])
    }
  })
})

describe('documents', () => {
  it('link to files that are there', () => {
    for (const path of documents) {
      for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
        expect(existsSync(join(root, dirname(path), target)), `${path} links to ${target}`).toBe(true)
      }
    }
  })

  it('link to headings that are there', () => {
    for (const path of documents) {
      for (const [, target = '', anchor = ''] of read(path).matchAll(/\]\(([^)#\s:]*)#([^)]+)\)/g)) {
        const text = read(target === '' ? path : join(dirname(path), target))
        const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
          heading
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N} -]/gu, '')
            .replaceAll(' ', '-'),
        )
        expect(anchors, `${path} links to ${target}#${anchor}`).toContain(anchor)
      }
    }
  })

  it('name every setting, and none that the program does not read', () => {
    const settings = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name)
    const told = [...read('docs/operating.md').matchAll(/^\| `([A-Z][A-Z_]+)` +\|/gm)].map(([, name]) => name)
    expect(told.sort()).toEqual(settings.sort())
  })

  const codesUnder = (heading: string) => {
    const section = read('docs/operating.md')
      .split(/^## /m)
      .find((text) => text.startsWith(`${heading}\n`))
    return [...(section ?? '').matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, code]) => code)
  }

  it('say what to do for every error code', () => {
    expect(codesUnder('Error codes').sort()).toEqual([...errorCodes].sort())
  })

  it('say what every alert means', () => {
    expect(codesUnder('Alerts').sort()).toEqual([...alertCodes].sort())
  })

  it('say what to do for every exception', () => {
    const told = [...read('docs/set-up-with-support.md').matchAll(/^\| `([a-z_]+)` +\|/gm)].map(
      ([, code]) => code,
    )
    expect(told.sort()).toEqual([...exceptionCodes].sort())
  })

  it('list every status of a reservation', () => {
    for (const status of reservationStatuses) expect(read('docs/sql-views.md')).toContain(`\`${status}\``)
  })

  it('keep ARCHITECTURE.md within 150 lines', () => {
    expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(150)
  })
})

describe('docs/sql-views.md', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(async () => {
    await database?.drop()
  })

  it('names every view and every column of it, and none that there is not', async () => {
    const { rows } = await sql<{ view: string; columns: string[] }>`
      select table_name as view, array_agg(column_name::text order by column_name) as columns
      from information_schema.columns
      where table_schema = 'reporting'
      group by table_name
      order by table_name`.execute(database.db)
    const sections = read('docs/sql-views.md')
      .split(/^## /m)
      .filter((section) => section.startsWith('reporting.'))
    const told = sections.map((section) => ({
      view: /^reporting\.(\w+)/.exec(section)?.[1] ?? '',
      columns: [...section.matchAll(/^\| (`[^|]*?) *\|/gm)]
        .flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
        .sort(),
    }))
    expect(told.sort((a, b) => (a.view < b.view ? -1 : 1))).toEqual(
      rows.map(({ view, columns }) => ({ view, columns: columns.sort() })),
    )
  })

  it('shows queries that run', async () => {
    const queries = [...read('docs/sql-views.md').matchAll(/^```sql\n(.*?)^```/gms)].map(
      ([, query = '']) => query,
    )
    expect(queries.length).toBeGreaterThan(0)
    for (const query of queries) await sql.raw(query).execute(database.db)
  })
})

describe('docs/api.md', () => {
  const text = read('docs/api.md')

  it('says what every code of a problem means', () => {
    const told = [...text.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, code]) => code)
    expect(told.sort()).toEqual([...problemCodes].sort())
  })

  it('shows addresses that there are', () => {
    const { paths } = JSON.parse(read('docs/openapi.json')) as { paths: object }
    const patterns = Object.keys(paths).map(
      (path) => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    )
    const shown = [...text.matchAll(/"\$API(\/[^"?]*)/g)].map(([, path = '']) => `/api/v1${path}`)
    expect(shown.length).toBeGreaterThan(5)
    expect(shown.filter((path) => !patterns.some((pattern) => pattern.test(path)))).toEqual([])
  })
})
