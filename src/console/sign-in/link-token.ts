/** The secret of a one-time link stands behind `#`: no server's log sees it, and it goes from the address at once. */

import { useState } from 'react'

export function useLinkToken(): string {
  const [token] = useState(() => {
    const found = window.location.hash.slice(1)
    if (found !== '') window.history.replaceState(window.history.state, '', window.location.pathname)
    return found
  })
  return token
}
