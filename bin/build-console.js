// Builds the web console into dist/console: after `npm ci` (prepare) and with `npm run build`. Where packages for
// building were left out (npm ci --omit=dev), it is built elsewhere and copied: that is no fault.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

if (!existsSync(fileURLToPath(new URL('../node_modules/vite/package.json', import.meta.url)))) {
  console.error('The web console is not built: the packages for building it are not installed.')
} else if (Number(process.versions.node.split('.')[0]) < 26) {
  // npm scripts find the Node of node_modules/.bin first; under `npm ci --ignore-scripts` it is not there yet.
  console.error('The web console is not built: that needs Node 26. Run: npm run build')
} else {
  // A test run says "test", and would get React's slow half.
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  await build({
    configFile: fileURLToPath(new URL('../src/console/vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  })
}
