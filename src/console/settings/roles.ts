/** The roles, in words. */

import { installationRoles, type Role, roles } from '../../contract/access.ts'

export const roleWords: Record<Role, { label: string; does: string }> = {
  support: { label: 'Support', does: 'eCELLAR: sets up, helps' },
  'winery admin': { label: 'Winery admin', does: 'Everything of the winery: key, mapping, release, users' },
  marketer: { label: 'Marketer', does: 'Segments and exports; sees guests in full; opts out' },
  analyst: { label: 'Analyst', does: 'Reads everything, by SQL and API as well' },
  viewer: { label: 'Viewer', does: 'Reads; guests are shortened' },
  operator: { label: 'Operator', does: 'Runs the program; sees no guests' },
}

/** Those that belong to a winery. */
export const wineryRoles = roles.filter((role) => !(installationRoles as readonly Role[]).includes(role))

export function brandsText(brands: string[] | null): string {
  return brands === null ? 'All' : brands.join(', ')
}
