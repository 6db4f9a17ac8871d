/** Asks before what is not saved is left behind. */

import { Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'

/** @param leaving what is left is forgotten */
export function UnsavedGuard({ isUnsaved, leaving }: { isUnsaved: () => boolean; leaving: () => void }) {
  const { proceed, reset, status } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isUnsaved(),
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      opened={status === 'blocked'}
      close={() => reset?.()}
      title="Leave without saving?"
      action="Leave"
      isDangerous
      confirm={() => {
        leaving()
        proceed?.()
      }}
    >
      <Text size="sm">What you have changed here is not saved, and would be lost.</Text>
    </ConfirmDialog>
  )
}
