/**
 * A program that uses the embedded server, for tests that need several of them or that kill them. Joins the data folder
 * of its first argument; says `{"url"}` or `{"error"}`, one JSON document per line; leaves when its input ends.
 * With a number as second argument it joins, writes a row and leaves that many times, and says `{"rounds"}`; with 0 it
 * joins and comes to its end without leaving.
 */

import { once } from 'node:events'
import pg from 'pg'
import { joinEmbeddedServer } from '../../src/database/embedded-server.ts'

const [dataDir = '', rounds] = process.argv.slice(2)
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)

try {
  if (rounds === undefined) await stay()
  else if (rounds === '0') say({ url: (await joinEmbeddedServer({ dataDir })).url })
  else await comeAndGo(Number(rounds))
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
}

async function stay() {
  const server = await joinEmbeddedServer({ dataDir, log: (line) => say({ line }) })
  say({ url: server.url })
  process.stdin.resume()
  await once(process.stdin, 'end')
  await server.leave()
  say({ left: true })
}

async function comeAndGo(times: number) {
  for (let round = 0; round < times; round++) {
    const server = await joinEmbeddedServer({ dataDir })
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query('insert into visits (program) values ($1)', [process.pid])
    await client.end()
    await server.leave()
  }
  say({ rounds: times })
}
