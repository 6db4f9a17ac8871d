/** What became of the customer, field by field: read when it is opened. */

import { Button } from '@mantine/core'
import { useState } from 'react'
import { at } from '../ask.ts'
import { ChangeList } from '../shared/change-list.tsx'
import { Section } from '../shared/section.tsx'
import { useWinery } from '../winery.tsx'

export function CustomerChanges({ customerId }: { customerId: string }) {
  const { winery } = useWinery()
  const [isOpen, setOpen] = useState(false)
  return (
    <Section
      title="Changes"
      intro="What was changed of this customer, and by what."
      actions={
        <Button variant="default" size="xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide changes' : 'Show changes'}
        </Button>
      }
    >
      {isOpen && (
        <ChangeList
          path={at`/wineries/${winery}/customers/${customerId}/changes`}
          nothing="Nothing was changed since the customer was created."
        />
      )}
    </Section>
  )
}
