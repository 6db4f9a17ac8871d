/** The one frame of dialogs: Escape and a cross close it, and the keyboard is where it was before. */

import { Modal } from '@mantine/core'
import { type ReactNode, useLayoutEffect } from 'react'

export function Dialog(props: {
  /** Left out where the dialog is on the page only while it is open. */
  opened?: boolean
  close: () => void
  title: string
  size?: 'md' | 'lg'
  closed?: () => void
  children: ReactNode
}) {
  const { opened = true, size = 'md' } = props
  // Mantine gives the focus back when `opened` changes, but not when the dialog leaves the page at once.
  useLayoutEffect(() => {
    if (!opened) return
    const before = document.activeElement
    return () => void setTimeout(() => giveFocusBack(before), afterMantineMs)
  }, [opened])
  return (
    <Modal
      opened={opened}
      onClose={props.close}
      title={props.title}
      size={size}
      centered
      {...(props.closed ? { onExitTransitionEnd: props.closed } : {})}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.children}
    </Modal>
  )
}

const afterMantineMs = 30

/** What was pressed may be gone with what the dialog did: then the page's head has it. */
function giveFocusBack(before: Element | null): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return
  const to = before?.isConnected ? before : document.querySelector('h1')
  if (to instanceof HTMLElement) to.focus({ preventScroll: true })
}
