/** Preloaded into a program under test: writes down, on its way out, which files of which packages it has loaded. */

import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const loaded = new Set<string>()
registerHooks({
  load(url, context, nextLoad) {
    loaded.add(url)
    return nextLoad(url, context)
  },
})
const file = process.env.LOADED_MODULES_FILE
if (file) process.on('exit', () => writeFileSync(file, [...loaded].join('\n')))
