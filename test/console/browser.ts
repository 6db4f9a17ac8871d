/**
 * A real browser for tests: on Linux the Chromium that comes from npm (with the libraries that it needs), elsewhere the
 * installed Chrome. One per test file; each person gets a context of their own.
 */

import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export async function openBrowser(): Promise<Browser> {
  if (process.platform === 'linux') {
    const folder = await unpackedChromium()
    return chromium.launch({
      executablePath: join(folder, 'chromium'),
      args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
      env: {
        ...process.env,
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
        FONTCONFIG_PATH: join(folder, 'fonts'),
        HOME: folder,
      },
    })
  }
  return chromium.launch({ channel: 'chrome' }).catch((error: unknown) => {
    throw new Error('The tests of the console need Google Chrome here. Install it, then run them again.', {
      cause: error,
    })
  })
}

/** Unpacked once per version and user, for all test processes; a folder that is half made is never taken. */
async function unpackedChromium(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const { version } = JSON.parse(readFileSync(join(entry, '../../package.json'), 'utf8'))
  const folder = join(tmpdir(), `ecellar-tock-chromium-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(join(folder, 'chromium'))) return folder
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV }
  const { FONTCONFIG_PATH, LD_LIBRARY_PATH } = process.env
  const making = await mkdtemp(`${folder}-`)
  try {
    process.env.TMPDIR = making
    process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
    await writeFile(join(making, 'fonts', 'fonts.conf'), fontsIn(folder))
    // Another test process may have been faster.
    await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }))
  } finally {
    restore({ ...before, FONTCONFIG_PATH, LD_LIBRARY_PATH })
  }
  return folder
}

/** The one that comes along names folders that are not here; without any font the browser falls. */
function fontsIn(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  <match target="pattern">
    <test name="family"><string>sans-serif</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit>
  </match>
</fontconfig>
`
}

function restore(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
