import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { may } from '../../src/access/may.ts'
import {
  type Action,
  actions,
  installationRoles,
  mayRole,
  type Principal,
  peopleOnly,
  permissions,
  type Role,
  roles,
  withReason,
} from '../../src/contract/access.ts'

const winery = '1'
const isOfInstallation = (role: Role) => (installationRoles as readonly Role[]).includes(role)

function principal(role: Role, of: Partial<Principal> = {}): Principal {
  return {
    kind: 'user',
    id: 'u',
    name: 'Robin Example',
    role,
    wineryId: isOfInstallation(role) ? null : winery,
    brandIds: null,
    scopes: null,
    guestsOf: [],
    ...of,
  }
}

describe('what a role may do', () => {
  const each = roles.flatMap((role) => actions.map((action) => ({ role, action })))

  it.each(each)('$role, $action: as the table says, in the own winery alone', ({ role, action }) => {
    const needsReason = role === 'support' && (withReason as readonly Action[]).includes(action)
    const inTable = (permissions[action] as readonly Role[]).includes(role)
    expect(may(principal(role), action, { wineryId: winery })).toBe(inTable && !needsReason)
    if (isOfInstallation(role)) {
      expect(may(principal(role), action, { wineryId: '2' })).toBe(inTable && !needsReason)
    } else {
      expect(may(principal(role), action, { wineryId: '2' })).toBe(false)
      expect(may(principal(role), action, { wineryId: null })).toBe(false)
    }
  })

  it('is what docs/access.md shows', () => {
    const document = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8')
    expect(document).toContain(table())
  })

  it('keeps enabling and initial pulls with Support, and confirming them with the winery', () => {
    for (const role of roles) {
      expect(mayRole(role, 'brands.enable')).toBe(role === 'support')
      expect(mayRole(role, 'pulls.initial')).toBe(role === 'support')
      expect(mayRole(role, 'pulls.confirm')).toBe(role === 'winery admin')
    }
    expect(mayRole('winery admin', 'brands.pause')).toBe(true)
  })

  it('shows an operator no guests and lets a viewer change nothing', () => {
    const ofOperator = actions.filter((action) => mayRole('operator', action))
    expect(ofOperator).toEqual(['wineries.read', 'pulls.read', 'mails.read', 'queue.read', 'health.read'])
    const ofViewer = actions.filter((action) => mayRole('viewer', action))
    expect(ofViewer.filter((action) => !action.endsWith('.read'))).toEqual([])
    expect(mayRole('viewer', 'guests.in-full')).toBe(false)
  })
})

describe('a limit', () => {
  it('to brands holds for what is about a brand', () => {
    const limited = principal('analyst', { brandIds: ['7'] })
    expect(may(limited, 'reservations.read', { wineryId: winery, brandId: '7' })).toBe(true)
    expect(may(limited, 'reservations.read', { wineryId: winery, brandId: '8' })).toBe(false)
    expect(may(limited, 'reservations.read', { wineryId: winery })).toBe(true)
  })

  it('to brands gives no SQL login, which sees the whole winery', () => {
    expect(may(principal('analyst'), 'sql-login.read', { wineryId: winery })).toBe(true)
    expect(may(principal('analyst', { brandIds: ['7'] }), 'sql-login.read', { wineryId: winery })).toBe(false)
  })

  it('of scopes holds within what the role may', () => {
    const key = principal('analyst', { kind: 'api-key', scopes: ['reservations.read', 'settings.write'] })
    expect(may(key, 'reservations.read', { wineryId: winery })).toBe(true)
    expect(may(key, 'customers.read', { wineryId: winery })).toBe(false)
    expect(may(key, 'settings.write', { wineryId: winery })).toBe(false)
  })

  it('of a reason opens one winery’s guests to Support', () => {
    const asked = principal('support', { guestsOf: [winery] })
    for (const action of withReason) {
      expect(may(asked, action, { wineryId: winery })).toBe(true)
      expect(may(asked, action, { wineryId: '2' })).toBe(false)
      expect(may(asked, action, { wineryId: null })).toBe(false)
    }
  })
})

/** As docs/access.md has it, in the form that markdown formatters leave alone. */
function table(): string {
  const head = ['action', ...roles, 'API key']
  const rows = actions.map((action) => [
    `\`${action}\``,
    ...roles.map((role) => {
      if (!mayRole(role, action)) return ''
      return role === 'support' && (withReason as readonly Action[]).includes(action) ? 'reason' : 'yes'
    }),
    keyOf(action),
  ])
  const width = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: string[]) => `| ${cells.map((cell, at) => cell.padEnd(width[at] ?? 0)).join(' | ')} |`
  return [line(head), `| ${width.map((count) => '-'.repeat(count)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  )
}

function keyOf(action: Action): string {
  if ((peopleOnly as readonly Action[]).includes(action)) return 'person'
  return roles.some((role) => !isOfInstallation(role) && mayRole(role, action)) ? 'yes' : ''
}
