/** Serves a folder's snapshot as Tock would, from disk, in a process of its own. Prints its address. */

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { readManifest } from './make-snapshots.ts'

const folder = process.argv[2] ?? ''
let current = 'first'
let manifest = await readManifest(join(folder, current))

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  const { port } = server.address() as AddressInfo
  if (path.startsWith('/use/')) {
    current = path.slice('/use/'.length)
    manifest = await readManifest(join(folder, current))
    response.end()
    return
  }
  if (path === '/api/data/export/urls') {
    const urls = (kind: string) =>
      manifest.files
        .filter((file) => file.kind === kind)
        .map((file) => `http://127.0.0.1:${port}/files/${file.name}?X-Goog-Signature=bench`)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        result: { reservationDataUrls: urls('reservations'), guestDataUrls: urls('guests') },
      }),
    )
    return
  }
  const file = manifest.files.find((one) => path === `/files/${one.name}`)
  if (!file) {
    response.writeHead(404).end()
    return
  }
  const headers = { etag: file.etag, 'last-modified': new Date(manifest.takenAt).toUTCString() }
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end()
    return
  }
  response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': file.bytes })
  response.end(await readFile(join(folder, current, file.name)))
})

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
