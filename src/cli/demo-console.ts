/** The demo's console: the service on a free port, and one made-up user for each role, with passwords to show. */

import { createServer } from 'node:net'
import type { SendMail } from '../access/access-mail.ts'
import { openAccess } from '../access/open-access.ts'
import { openSecrets } from '../access/secrets.ts'
import type { Config } from '../config.ts'
import { type Actor, installationRoles, type Role, roles } from '../contract/access.ts'
import { openLog } from '../log.ts'
import { startServer } from '../server.ts'
import type { DemoWorld } from './demo-world.ts'

export type DemoConsole = {
  address: string
  users: { role: Role; email: string; password: string }[]
  stop(): Promise<void>
}

const actor: Actor = { kind: 'program', id: 'demo', name: 'The demo' }

const names: Record<Role, string> = {
  support: 'Sam Support',
  'winery admin': 'Ada Admin',
  marketer: 'Mika Marketer',
  analyst: 'Ana Analyst',
  viewer: 'Vic Viewer',
  operator: 'Olu Operator',
}

/** The folder is gone when the demo ends, and its passwords with it: they may be known to everybody. */
export async function startDemoConsole(world: DemoWorld, wineryId: string): Promise<DemoConsole> {
  const port = await freePort(world.config.port)
  // Its pages are for this machine alone, and its mails for nobody.
  const { publicUrl: _, smtpUrl: __, ...others } = world.config
  const config = { ...others, port }
  const log = openLog({ level: 'error' })
  const users = await makeUsers(world, config, wineryId)
  const service = await startServer(config, { api: true, pulls: 2, log })
  return { address: `http://localhost:${port}`, users, stop: () => service.stop() }
}

async function makeUsers(world: DemoWorld, config: Config, wineryId: string): Promise<DemoConsole['users']> {
  const { database } = world
  const secrets = await openSecrets({ db: database.db, config, note: () => {} })
  let token = ''
  const sendMail: SendMail = async (mail) => {
    if ('link' in mail.data) token = new URL(mail.data.link).hash.slice(1)
  }
  const log = openLog({ level: 'error' })
  const { invitations } = await openAccess({ database, secrets, config, log, sendMail })
  const made: DemoConsole['users'] = []
  for (const role of roles) {
    const isInstallations = (installationRoles as readonly Role[]).includes(role)
    const word = role.replace('winery ', '')
    const user = { role, email: `${word}@example.com`, password: `larkmoor-${word}` }
    const of = { actor, wineryId: isInstallations ? null : wineryId, email: user.email, role, brandIds: null }
    await invitations.invite(of)
    await invitations.join(token, { name: names[role], password: user.password })
    made.push(user)
  }
  return made
}

/** The usual one, where nobody has it. */
async function freePort(wanted: number): Promise<number> {
  return (await portIfFree(wanted)) ?? (await portIfFree(0)) ?? 0
}

async function portIfFree(port: number): Promise<number | null> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(port, 'localhost', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}
