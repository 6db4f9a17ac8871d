/** Who may do what: one table that is code, test, and (docs/access.md) document. */

import { z } from 'zod'

export const roles = ['support', 'winery admin', 'marketer', 'analyst', 'viewer', 'operator'] as const
export type Role = (typeof roles)[number]
export const roleSchema = z.enum(roles)

/** `support` and `operator` stand over all wineries; the others belong to one. */
export const installationRoles = ['support', 'operator'] as const satisfies readonly Role[]

const [support, admin, marketer, analyst, viewer, operator] = roles

/** Every action of the API, and the roles that may do it. What no role has here, nobody may do. */
export const permissions = {
  'wineries.add': [support],
  'wineries.read': [support, admin, marketer, analyst, viewer, operator],
  /** Everything of a winery, guests in full: Support has it only with a reason. */
  'wineries.export': [support, admin],
  /** Deletes the winery. */
  'wineries.leave': [support],
  'brands.write': [support],
  'brands.enable': [support],
  'brands.pause': [support, admin],
  'key.ask': [support],
  'key.hand-over': [admin],
  /** After a look at what Tock calls the business. */
  'key.confirm': [support, admin],
  'key.revoke': [support, admin],
  'connection.test': [support, admin],
  'settings.read': [support, admin, marketer, analyst, viewer],
  'settings.write': [support, admin],
  'pulls.read': [support, admin, marketer, analyst, viewer, operator],
  'pulls.changes': [support, admin, marketer, analyst],
  'pulls.preview': [support, admin],
  'pulls.confirm': [admin],
  'pulls.initial': [support],
  /** Takes back what an initial pull brought, or the customers that a pull created. */
  'pulls.undo': [support, admin],
  'pulls.start': [support, admin],
  'pulls.decide': [support, admin],
  'mapping.read': [support, admin, marketer, analyst, viewer],
  'mapping.write': [support, admin],
  'exceptions.read': [support, admin, marketer, analyst],
  'exceptions.decide': [support, admin],
  'customers.read': [support, admin, marketer, analyst, viewer],
  'customers.import': [support, admin],
  'customers.release': [admin],
  'customers.opt-out': [support, admin, marketer],
  'customers.opt-in': [admin],
  'customers.erase': [admin],
  'customers.export-person': [admin],
  'reservations.read': [support, admin, marketer, analyst, viewer],
  /** Notes, and e-mail addresses and names in full. Support has it only with a reason. */
  'guests.in-full': [support, admin, marketer, analyst],
  /** To give that reason, which is recorded. */
  'guests.ask': [support],
  'segments.read': [support, admin, marketer, analyst, viewer],
  'segments.write': [admin, marketer],
  'exports.read': [support, admin, marketer],
  'exports.make': [admin, marketer],
  'exports.not-for-mailing': [admin],
  /** Lets notes, dietary ones among them, leave in exports. */
  'exports.allow-notes': [admin],
  'users.read': [support, admin],
  'users.write': [support, admin],
  'api-keys.read': [support, admin, analyst],
  'api-keys.write': [admin, analyst],
  'api-keys.revoke': [support, admin, analyst],
  'sql-login.read': [admin, analyst],
  'audit.read': [support, admin],
  'mails.read': [support, admin, operator],
  'queue.read': [support, operator],
  'health.read': [support, operator],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof permissions
export const actions = Object.keys(permissions) as Action[]

/** What no API key may do, whatever its maker may: a person decides it, or it would give the key more than it has. */
export const peopleOnly = [
  'key.hand-over',
  'key.confirm',
  'pulls.confirm',
  'customers.opt-in',
  'users.write',
  'api-keys.read',
  'api-keys.write',
  'api-keys.revoke',
  'sql-login.read',
] as const satisfies readonly Action[]

/** What shows guests in full: Support may it only for a while, in one winery, after giving a reason (`guests.ask`). */
export const withReason = ['guests.in-full', 'wineries.export'] as const satisfies readonly Action[]

export function mayRole(role: Role, action: Action): boolean {
  return (permissions[action] as readonly Role[]).includes(role)
}

/** Whoever asks: a signed-in user, an API key of a winery, the command line, or the program itself. */
export type Actor = {
  kind: 'user' | 'api-key' | 'command line' | 'program'
  id: string
  /** For the audit: a user's name, a key's name. */
  name: string
}

/** An actor with what it may do, as `access` found out from a request. */
export type Principal = Actor & {
  kind: 'user' | 'api-key'
  role: Role
  /** The winery it belongs to; `null` for the roles of the installation. */
  wineryId: string | null
  /** Only these brands; `null`: all of the winery. */
  brandIds: string[] | null
  /** An API key's scopes: actions that it may do at most; `null` for users. */
  scopes: Action[] | null
  /** Support alone: the wineries whose guests it may see in full now, because it gave a reason. */
  guestsOf: string[]
}
