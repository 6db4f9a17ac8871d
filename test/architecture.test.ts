import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** Who may import whom; every room may import `contract` and `log.ts`. */
const arrows: Record<string, string[]> = {
  contract: [],
  database: [],
  tock: [],
  access: ['database'],
  crm: ['database', 'access'],
  pull: ['database', 'tock', 'access', 'crm', 'segments'],
  segments: ['database', 'access', 'crm'],
  simulator: ['tock'],
  notify: ['database', 'crm'],
  jobs: ['database', 'access', 'crm', 'pull', 'segments', 'notify'],
  api: ['access', 'crm', 'pull', 'segments', 'notify', 'jobs'],
  cli: ['access', 'crm', 'pull', 'segments', 'notify', 'jobs', 'simulator'],
  console: [],
}
/** The places that put the parts together; `config.ts` is read there and handed down. */
const compositions: Record<string, string[]> = {
  'main.ts': ['cli'],
  'server.ts': [...Object.keys(arrows), 'start-check.ts'],
  'start-check.ts': ['notify'],
  'cli/door.ts': ['database'],
  'cli/start-commands.ts': ['server.ts', 'start-check.ts'],
  'cli/demo-console.ts': ['server.ts'],
  // The demo has a database of its own, in a folder of its own.
  'cli/demo-world.ts': ['database'],
}

const src = fileURLToPath(new URL('../src/', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))

describe('the rooms of the house', () => {
  it('import one another only along the arrows', () => {
    expect(files.flatMap((file) => wrongImports(file, readFileSync(join(src, file), 'utf8')))).toEqual([])
  })

  it('are named when an import goes against an arrow', () => {
    const text = `import { runPull } from '../pull/run-pull.ts'\nimport type { Db } from '../database/connect.ts'`
    expect(wrongImports('crm/brands.ts', text)).toEqual(['crm/brands.ts imports pull/run-pull.ts'])
    expect(wrongImports('tock/x.ts', `const { a } = await import("../database/connect.ts")`)).toEqual([
      'tock/x.ts imports database/connect.ts',
    ])
    expect(wrongImports('cli/x.ts', `import type { Db } from '../database/connect.ts'`)).toEqual([
      'cli/x.ts imports database/connect.ts',
    ])
    expect(wrongImports('pull/apply/x.ts', `import { readConfig } from '../../config.ts'`)).toEqual([
      'pull/apply/x.ts imports config.ts',
    ])
    expect(wrongImports('cli/pull-commands.ts', `await import('../server.ts')`)).toEqual([
      'cli/pull-commands.ts imports server.ts',
    ])
    expect(wrongImports('contract/x.ts', `import pg from 'pg'`)).toEqual(['contract/x.ts imports pg'])
    expect(wrongImports('tock/x.ts', `import { Client } from 'pg'`)).toEqual(['tock/x.ts imports pg'])
    const page = `import { may } from '../access/may.ts'\nimport fastify from 'fastify'\nimport { z } from 'zod'`
    expect(wrongImports('console/x.tsx', page)).toEqual([
      'console/x.tsx imports access/may.ts',
      'console/x.tsx imports fastify',
    ])
    expect(wrongImports('api/x.ts', `import { Text } from '@mantine/core'`)).toEqual([
      'api/x.ts imports @mantine/core',
    ])
  })

  it('are the ones that the design names', () => {
    const rooms = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]))
    expect([...rooms].filter((room) => !(room !== undefined && room in arrows))).toEqual([])
  })

  it('hold no circle of files', () => {
    expect(circles(new Map(files.map((file) => [file, importedFiles(file)])))).toEqual([])
  })

  it('are told of a circle with the files in it', () => {
    const graph = new Map([
      ['a.ts', ['b.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['a.ts']],
    ])
    expect(circles(graph)).toEqual(['a.ts → b.ts → c.ts → a.ts'])
  })
})

describe('a file', () => {
  it('is 350 lines long at most and begins with what it is for', () => {
    const wrong = files.filter((file) => {
      const text = readFileSync(join(src, file), 'utf8')
      return text.split('\n').length > 351 || !/^(#!.*\n)?\/(\*\*|\/|\*)/.test(text)
    })
    expect(wrong).toEqual([])
  })
})

function wrongImports(file: string, text: string): string[] {
  // Runs when the console is built, on this machine.
  if (file === 'console/vite.config.ts') return []
  return imports(text).flatMap(({ from, typeOnly }) => {
    if (from.endsWith('.css') && roomOf(file) === 'console') return []
    const target = from.startsWith('.') ? relative('.', join(dirname(file), from)) : from
    return isAllowed(file, target, typeOnly, from.startsWith('.')) ? [] : [`${file} imports ${target}`]
  })
}

function isAllowed(file: string, target: string, typeOnly: boolean, own: boolean): boolean {
  const room = roomOf(file)
  if (!own) return isAllowedPackage(room, target, typeOnly)
  const targetRoom = roomOf(target)
  if (targetRoom === room && room !== '') return true
  if (targetRoom === 'contract') return true
  // Nothing of the server gets into a browser.
  if (target === 'log.ts') return room !== 'console'
  // What the settings look like is no secret; reading them is for the places that put the parts together.
  if (target === 'config.ts') return typeOnly || file in compositions
  const allowed = [...(arrows[room] ?? []), ...(compositions[file] ?? [])]
  return allowed.includes(targetRoom === '' ? target : targetRoom)
}

function isAllowedPackage(room: string, name: string, typeOnly: boolean): boolean {
  if (room === 'contract') return name === 'zod'
  const forBrowsers =
    /^(react|react-dom|@mantine|@tanstack|@radix-ui|dayjs|qrcode\.react|react-querybuilder|@react-querybuilder)(\/|$)/
  if (room === 'console') return name === 'zod' || forBrowsers.test(name)
  if (forBrowsers.test(name)) return false
  if (name === 'pg') return typeOnly || room === 'database'
  if (name === 'kysely')
    return ['database', 'crm', 'access', 'pull', 'segments', 'notify', 'jobs', 'cli'].includes(room)
  return true
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : ''
}

type Import = { from: string; typeOnly: boolean }

function imports(text: string): Import[] {
  const code = text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  const fixed = [...code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)]
  const lazy = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)]
  return [
    ...fixed.map((match) => ({ from: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...lazy.map((match) => ({ from: match[1] ?? '', typeOnly: false })),
  ]
}

/** What a file needs at run time; types go away. */
function importedFiles(file: string): string[] {
  return imports(readFileSync(join(src, file), 'utf8'))
    .filter(({ from, typeOnly }) => from.startsWith('.') && !typeOnly)
    .map(({ from }) => relative('.', join(dirname(file), from)))
}

function circles(graph: Map<string, string[]>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const walk = (file: string, path: string[]) => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) walk(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return found
}
