/** The secret of a one-time link. The link carries it behind `#`, where no server's log sees it; a hash is stored. */

import { createHash, randomBytes } from 'node:crypto'
import type { Config } from '../config.ts'

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Tokens are random and long: a plain hash cannot be turned back. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Pages of the console that take a token. */
export type LinkPage = 'join' | 'reset-password' | 'hand-over'

export function linkTo(config: Pick<Config, 'publicUrl' | 'port'>, page: LinkPage, token: string): string {
  return `${publicUrl(config).replace(/\/$/, '')}/${page}#${token}`
}

export function publicUrl(config: Pick<Config, 'publicUrl' | 'port'>): string {
  return config.publicUrl ?? `http://localhost:${config.port}`
}
