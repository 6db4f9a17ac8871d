/** Something is on its way. Said aloud, and not shown for what is there at once. */

import { Center, Loader } from '@mantine/core'
import { useEffect, useState } from 'react'

const patienceMs = 150

export function Loading() {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Center mih={120} role="status" aria-label="Loading">
      {isLong && <Loader size="sm" />}
    </Center>
  )
}
