/**
 * The page's rules forbid making code at run time; zod would try, for every object shape that is made before it is told.
 * So this goes before them all: first in `main.tsx`, and into zod's own file when it is built (`vite.config.ts`).
 */

import { z } from 'zod'

z.config({ jitless: true })
