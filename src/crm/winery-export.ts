/**
 * Everything of a winery that leaves, as one ZIP file: its tables as JSON Lines, the analysts' views as CSV, and a
 * manifest. It is read as of one moment and streamed row by row: nothing of it is held in memory or laid on a disk here.
 */

import { Readable } from 'node:stream'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { ZipFile } from 'yazl'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { Database } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { becomeTenant } from '../database/tenant-session.ts'
import { type TableOfWinery, wineryTables, wineryViews } from './winery-tables.ts'

export type WineryExport = {
  fileName: string
  /** Destroy it to give up. */
  stream: Readable
  /** Rows per file; complete once the stream has ended. */
  rows: Map<string, number>
}

type File = { name: string; copy: string; asOwner: boolean }

export async function exportWinery(options: {
  database: Pick<Database, 'db' | 'session'>
  winery: { winery_id: Id; slug: string }
  actor: Actor
  now?: Date
}): Promise<WineryExport> {
  const { database, winery, actor, now = new Date() } = options
  // Before anything leaves: a stream may break off when half of it is out.
  await recordAudit(database.db, {
    wineryId: winery.winery_id,
    actor,
    action: 'wineries.export',
    subject: winery.slug,
  })
  const rows = new Map<string, number>()
  const client = await database.session()
  const zip = new ZipFile()
  const stream = zip.outputStream as Readable
  // Also when it breaks off: the connection's end is the transaction's.
  stream.once('close', () => void client.end())
  zip.on('error', (error: Error) => stream.destroy(error))
  try {
    await client.query('begin transaction isolation level repeatable read, read only')
    const files = await filesOf(client, winery.winery_id)
    for (const file of files) {
      zip.addReadStreamLazy(file.name, { mtime: now }, (done) => {
        readFile(client, winery.winery_id, file, rows).then(
          (read) => done(null, read),
          (error: unknown) => done(error, Readable.from([])),
        )
      })
    }
    zip.addReadStreamLazy('manifest.json', { mtime: now }, (done) => {
      const manifest = {
        winery: winery.slug,
        madeAt: now.toISOString(),
        ...remarks,
        rows: Object.fromEntries(rows),
      }
      done(null, Readable.from([`${JSON.stringify(manifest, null, 2)}\n`]))
    })
    zip.end()
  } catch (error) {
    stream.destroy()
    throw error
  }
  return { fileName: `${winery.slug}-${now.toISOString().slice(0, 10)}.zip`, stream, rows }
}

const remarks = {
  what: 'Everything that eCELLAR Tock Integration keeps of this winery, as of one moment.',
  tables: 'One JSON object per line, as stored; ids are those of the other tables. Times are UTC.',
  views: 'CSV with a first line of column names; what the columns mean: docs/sql-views.md of the program.',
  leftOut: Object.fromEntries(
    Object.entries(wineryTables).flatMap(([table, one]) => (one.exported ? [] : [[table, one.because]])),
  ),
}

async function filesOf(client: pg.Client, wineryId: Id): Promise<File[]> {
  await client.query("set local time zone 'UTC'")
  const found = await client.query<{ slug: string }>(
    'select slug from ecellar.wineries where winery_id = $1',
    [wineryId],
  )
  const slug = client.escapeLiteral(found.rows[0]?.slug ?? '')
  const views = wineryViews.map((view) => ({
    name: `views/${view}.csv`,
    copy: `copy (select * from reporting.${view} where winery = ${slug}) to stdout (format csv, header)`,
    asOwner: false,
  }))
  const tables = Object.entries(wineryTables).flatMap(([table, one]) =>
    one.exported
      ? [
          {
            name: `tables/${table.split('.')[1]}.jsonl`,
            copy: copyOfTable(table, one, wineryId),
            // The roles that work inside a winery have no way into sign-in.
            asOwner: table.startsWith('access.'),
          },
        ]
      : [],
  )
  return [...views, ...tables]
}

function copyOfTable(table: string, one: TableOfWinery & { exported: true }, wineryId: Id): string {
  const rows =
    one.rows?.replaceAll('WINERY', wineryId) ?? `select * from ${table} where winery_id = ${wineryId}`
  const kept = ['winery_id', ...(one.without ?? [])].map((column) => ` - '${column}'`).join('')
  // JSON holds no control characters: as CSV with these marks it comes out as it is, a row a line.
  return `copy (select to_jsonb(t)${kept} from (${rows}) t) to stdout (format csv, delimiter e'\\x01', quote e'\\x02')`
}

async function readFile(
  client: pg.Client,
  wineryId: Id,
  file: File,
  rows: Map<string, number>,
): Promise<Readable> {
  if (file.asOwner) await client.query('reset role')
  else await becomeTenant(client, wineryId)
  const copy = client.query(copyTo(file.copy))
  copy.once('end', () => rows.set(file.name, copy.rowCount))
  // Whoever reads it may have given up before listening; the connection's end would then end the program.
  copy.on('error', () => {})
  return copy
}
