/** The door of the console: theme, cache, addresses. */

import './zod-settings.ts'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './console.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './reading.ts'
import { router } from './router.tsx'
import { leaveWhenSignedOut } from './session.ts'
import { readableColours, theme } from './theme.ts'

leaveWhenSignedOut(queryClient, () => {
  const { pathname, href } = router.latestLocation
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { back: href, ended: 'yes' } })
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={readableColours} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <Notifications position="top-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
