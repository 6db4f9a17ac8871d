/** What a browser loads before it shows anything, and how the server hands it out. */

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { useConsole } from './console-for-tests.ts'

const dist = fileURLToPath(new URL('../../dist/console', import.meta.url))
const mostBytes = 300_000

type Manifest = Record<string, { file: string; imports?: string[]; isEntry?: boolean }>

const world = useConsole({ simulator: { wineries: [] } })

describe('the first load', () => {
  it('is under 300 kB of compressed script for every page, charts and query builder aside', () => {
    const manifest: Manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
    const needed = (name: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(name)) return seen
      seen.add(name)
      for (const other of manifest[name]?.imports ?? []) needed(other, seen)
      return seen
    }
    const bytesOf = (names: Iterable<string>) =>
      [...names].reduce((sum, name) => sum + statSync(join(dist, `${manifest[name]?.file}.gz`)).size, 0)
    const shell = [
      'index.html',
      'layout/shell.tsx',
      'layout/winery-layout.tsx',
      'layout/open-layout.tsx',
    ].flatMap((name) => [...needed(name)])
    const pages = Object.keys(manifest).filter((name) => name.endsWith('-page.tsx'))
    expect(pages.length).toBeGreaterThan(4)
    for (const page of pages) {
      expect(bytesOf(new Set([...shell, ...needed(page)])), page).toBeLessThan(mostBytes)
    }
  })

  it('comes compressed, hashed files for good, the page anew each time', async () => {
    const page = await fetch(`${world.url}/wineries/somewhere`)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(await page.text()) ?? []
    const answer = await fetch(world.url + script, { headers: { 'accept-encoding': 'br' } })
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
  })

  it('is for the console alone: what is not there is told as ever', async () => {
    for (const path of [
      '/api/v1/nothing',
      '/api/nothing',
      '/assets/nothing.js',
      '/assets/..%2f..%2fpackage.json',
    ]) {
      const answer = await fetch(world.url + path)
      expect(answer.status, path).toBe(404)
      expect(answer.headers.get('content-type'), path).toContain('application/problem+json')
    }
  })
})
