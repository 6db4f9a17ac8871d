/**
 * Tries the back-up of a PostgreSQL server as docs/operating.md has it, with the server and client programs of this
 * machine (Debian: postgresql, postgresql-client): two servers in a temporary folder, dumped while the service runs,
 * restored into the other. Run: npm run back-up-trial
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram } from '../cli/run-program.ts'
import { proveRestored, settleIn, smallTock } from './world.ts'

const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim()
const folder = mkdtempSync(join(tmpdir(), 'ecellar-tock-trial-'))
chmodSync(folder, 0o755)
const password = randomBytes(12).toString('hex')
const encryptionKey = randomBytes(32).toString('base64')
// PostgreSQL refuses to run as root.
const isRoot = process.getuid?.() === 0
const uidOf = (name: string) => Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }))

type Server = { port: number; superuser: string; owner: string; stop(): void }

const first = await startServer('first')
const second = await startServer('second')
const simulator = await smallTock()
const env = (server: Server) => ({
  DATABASE_URL: server.owner,
  ENCRYPTION_KEY: encryptionKey,
  TOCK_API_URL: simulator.url,
  ECELLAR_TOCK_DATA: join(folder, 'data'),
  PORT: '0',
})
try {
  psql(first.superuser, `create role ecellar login createrole password '${password}'`)
  psql(first.superuser, 'create database ecellar_tock owner ecellar template template0 encoding UTF8')
  const world = await settleIn(simulator, env(first), folder)
  console.log(execFileSync('pg_dumpall', ['--version'], { encoding: 'utf8' }).trim())

  const service = startProgram(['start', '--json'], { env: env(first), cwd: folder })
  if (service.stdout) await once(service.stdout, 'data')
  try {
    toFile('all.sql', ['pg_dumpall', '-d', first.superuser])
    toFile('own.dump', ['pg_dump', '-Fc', '-d', first.owner])
  } finally {
    service.kill('SIGTERM')
    await once(service, 'exit')
  }

  console.log('\npg_dumpall by the superuser, restored with psql:')
  // The server has a superuser already: that one line may fail.
  shell(
    ['psql', '-q', '-d', second.superuser, '-f', join(folder, 'all.sql'), '-o', '/dev/null'],
    'already exists',
  )
  tell(await proveRestored(world, env(second), folder))

  psql(second.superuser, 'drop database ecellar_tock with (force)')
  for (const role of ['analyst_1', 'analyst', 'support', 'tenant']) {
    psql(second.superuser, `drop role if exists ecellar_tock_${role}`)
  }
  psql(second.superuser, 'create database ecellar_tock owner ecellar template template0 encoding UTF8')
  console.log('\npg_dump by the program’s own user, restored with pg_restore:')
  for (const role of ['tenant', 'support', 'analyst']) psql(second.owner, `create role ecellar_tock_${role}`)
  psql(second.owner, 'grant ecellar_tock_tenant, ecellar_tock_support to ecellar')
  shell(['pg_restore', '--no-owner', '--exit-on-error', '-d', second.owner, join(folder, 'own.dump')])
  tell(await proveRestored(world, env(second), folder))
} finally {
  await simulator.close()
  first.stop()
  second.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function startServer(name: string): Promise<Server> {
  const data = join(folder, name)
  const passwordFile = join(folder, `${name}-password`)
  writeFileSync(passwordFile, password)
  const log = join(folder, `${name}.log`)
  closeSync(openSync(log, 'w'))
  if (isRoot) for (const file of [passwordFile, log]) chownSync(file, uidOf('postgres'), -1)
  if (isRoot) chmodSync(folder, 0o777)
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : []
  const port = await freePort()
  shell([
    ...as,
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
  ])
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`
  shell([...as, join(bin, 'pg_ctl'), '-D', data, '-l', log, '-w', '-o', options, 'start'])
  const url = (user: string, database: string) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  return {
    port,
    superuser: url('postgres', 'postgres'),
    owner: url('ecellar', 'ecellar_tock'),
    stop: () => shell([...as, join(bin, 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop']),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

function psql(url: string, statement: string): void {
  shell(['psql', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', statement])
}

/** @param allowed what a complaint must hold to be none */
function shell([program = '', ...words]: string[], allowed?: string): string {
  // pg_dumpall hands a password of the address to nobody, and asks for it.
  const env = { ...process.env, PGPASSWORD: password }
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1e9, env })
  const complaints = stderr
    .split('\n')
    .filter((line) => /ERROR|FATAL/.test(line) && !(allowed && line.includes(allowed)))
  if (status !== 0 || complaints.length > 0) throw new Error(`${program}: ${complaints.join('\n') || stderr}`)
  return stdout
}

function toFile(name: string, words: string[]): void {
  shell([...words, '-f', join(folder, name)])
}

function tell(found: string[]): void {
  for (const line of found) console.log(`  ${line}`)
}
