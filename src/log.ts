/** The program's log: one JSON object a line on standard error, with ids and counts, never with personal data. */

import { type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = Logger

/**
 * Names that must never stand in a log, whoever puts them there. A second line of defence: what is logged is chosen
 * field by field (ids, codes, counts), errors by name and code.
 */
const secretPaths = [
  'apiKey',
  'password',
  'token',
  'secret',
  'email',
  'authorization',
  'cookie',
  'link',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export function openLog(options: { level?: string; stream?: NodeJS.WritableStream } = {}): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[removed]' },
      serializers: { err: errorFacts, error: errorFacts },
    },
    options.stream ?? process.stderr,
  )
}

/** An error's kind and where it was thrown; its text may quote what it failed on. */
function errorFacts(error: unknown): { name: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const at = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim().replace(/file:\/\/\S*\/(src|node_modules)\//, '$1/'))
  return { name: error.name, ...(code === undefined ? {} : { code }), ...(at === undefined ? {} : { at }) }
}
