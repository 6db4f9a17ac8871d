/** Files that come as the body of a request. */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Api } from './parts.ts'

/** `toJSON`: what stands for it where requests are compared (idempotency). */
export type UploadedFile = { bytes: Buffer; toJSON(): string }

export const csvFile = z
  .custom<UploadedFile>((value) => typeof value === 'object' && value !== null && 'bytes' in value)
  .meta({ type: 'string', format: 'binary', description: 'The file; its first line names the columns' })

export function takeCsvFiles(api: Api): void {
  api.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => {
    const bytes = Buffer.from(body)
    done(null, { bytes, toJSON: () => createHash('sha256').update(bytes).digest('base64') })
  })
}
