/** The button that leads to an export; the dialog is loaded when it is opened. */

import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import type { Asked, SegmentCount } from './asking.ts'

const ExportDialog = lazy(() =>
  import('./export-dialog.tsx').then(({ ExportDialog }) => ({ default: ExportDialog })),
)

export function ExportOnDemand(props: {
  asked: Asked
  count: SegmentCount | undefined
  isReady: boolean
  name: string
  variant: 'filled' | 'default'
}) {
  const { asked, count, isReady, name, variant } = props
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button
        variant={variant}
        onClick={dialog.open}
        disabled={!isReady || count === undefined || count.matching === 0}
      >
        Export …
      </Button>
      {isOpen && count && (
        <Suspense>
          <ExportDialog opened close={dialog.close} asked={asked} count={count} name={name} />
        </Suspense>
      )}
    </>
  )
}
