/** Asked before what cannot be undone by a click: what happens, then yes or no. With `word`, by typing it. */

import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Trouble } from '../ask.ts'
import { Dialog } from './dialog.tsx'
import { TroubleNotice } from './trouble-notice.tsx'

export function ConfirmDialog(props: {
  opened: boolean
  close: () => void
  title: string
  /** What will happen, with numbers. */
  children: ReactNode
  /** What the button does, as a verb. */
  action: string
  confirm: () => void
  isBusy?: boolean
  error?: Trouble | null
  /** For what destroys. */
  isDangerous?: boolean
  /** Has to be typed first. */
  word?: string
}) {
  const [typed, setTyped] = useState('')
  const isReady = props.word === undefined || typed.trim() === props.word
  return (
    <Dialog opened={props.opened} close={props.close} title={props.title} closed={() => setTyped('')}>
      <Stack gap="md">
        {props.children}
        {props.word !== undefined && (
          <TextInput
            label={`Type ${props.word} to go on`}
            value={typed}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
          />
        )}
        <TroubleNotice error={props.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.close}>
            Cancel
          </Button>
          <Button
            onClick={props.confirm}
            loading={props.isBusy === true}
            disabled={!isReady}
            {...(props.isDangerous ? { color: 'red' } : {})}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
