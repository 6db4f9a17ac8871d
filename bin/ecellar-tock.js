#!/usr/bin/env node
// The file behind `npx ecellar-tock`. The program needs Node 26 (it runs .ts files and Temporal); whatever Node
// starts this file hands over to the one that npm installed beside it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const ownNode = fileURLToPath(
  new URL(
    process.platform === 'win32' ? '../node_modules/node/bin/node.exe' : '../node_modules/node/bin/node',
    import.meta.url,
  ),
)

if (Number(process.versions.node.split('.')[0]) >= 26) {
  module.enableCompileCache()
  await import('../src/main.ts')
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
} else {
  console.error(
    `ecellar-tock needs Node 26 and this is ${process.version}. Run "npm ci" in its folder first.`,
  )
  process.exit(1)
}
