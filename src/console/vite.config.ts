/** How the console is built: into dist/console, each file also compressed, so that the server only hands out. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = fileURLToPath(new URL('../../dist/console', import.meta.url))

export default defineConfig({
  root: here,
  plugins: [react(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    // Which script a page needs first: a test holds its size.
    manifest: true,
    // A test holds the size, compressed.
    chunkSizeWarningLimit: 2_000,
    reportCompressedSize: false,
    // What a file imports runs before the file: zod's settings have to stand in zod's.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|zod-settings\.ts$/ }] } },
    },
  },
  server: { proxy: { '/api': 'http://localhost:4000' } },
})

function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue
        const file = join(outDir, name)
        const content = readFileSync(file)
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
        // 9 of 11: the last steps cost seconds and bring a percent.
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
      }
    },
  }
}
