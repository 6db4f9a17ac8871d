/** What of the Dockerfile can be held without a container engine. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const dockerfile = read('Dockerfile')

test('the image runs the Node that the program is tested with', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  expect(dockerfile).toContain(`node:${dependencies.node}-bookworm-slim`)
})

test('only what the program is made of goes into the image', () => {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(lines[0]).toBe('*')
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  for (const path of kept) expect(existsSync(join(root, path)), path).toBe(true)
  for (const path of ['.env', 'data', 'node_modules', '.git', 'test']) expect(kept).not.toContain(path)
})

test('it does not run as root, keeps its data in a volume, and says how it is', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
  for (const line of ['USER node', 'VOLUME /data', 'STOPSIGNAL SIGTERM', 'HEALTHCHECK ', 'CMD ["start"]']) {
    expect(last).toContain(`\n${line}`)
  }
  expect(last.lastIndexOf('\nUSER node')).toBeGreaterThan(last.lastIndexOf('\nRUN '))
})
