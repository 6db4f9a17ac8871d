/** Asks why, where the reason is recorded: closing an exception, opting in, seeing guests in full. */

import { Stack, Text, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import { ServerForm, useServerForm } from './server-form.tsx'

export function ReasonDialog<Result>(props: {
  opened: boolean
  close: () => void
  title: string
  children?: ReactNode
  /** What the button does, as a verb. */
  action: string
  /** As the API wants it. */
  atLeast?: number
  submit: (reason: string) => Promise<Result>
  done?: (result: Result) => void
}) {
  const atLeast = props.atLeast ?? 1
  const form = useServerForm({
    initialValues: { reason: '' },
    check: ({ reason }) =>
      reason.trim().length < atLeast
        ? { reason: atLeast > 1 ? `Say why, in at least ${atLeast} characters` : 'Say why' }
        : {},
    submit: ({ reason }) => props.submit(reason.trim()),
    done: (result) => {
      form.fields.reset()
      props.close()
      props.done?.(result)
    },
  })
  return (
    <Dialog opened={props.opened} close={props.close} title={props.title}>
      <Stack gap="md">
        {props.children}
        <ServerForm form={form} action={props.action}>
          <Textarea
            label="Reason"
            description="It is recorded. No guest's name or address, please."
            autosize
            minRows={2}
            maxLength={500}
            data-autofocus
            {...form.fields.getInputProps('reason')}
          />
        </ServerForm>
        <Text size="xs" c="dimmed">
          Who gave it, and when, is recorded as well.
        </Text>
      </Stack>
    </Dialog>
  )
}
