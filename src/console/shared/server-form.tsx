/**
 * A form whose fields the server has the last word on: what it says of a field stands at that field, everything else
 * above the button. The one way to send something.
 */

import { Button, Group, Stack } from '@mantine/core'
import { type FormErrors, type UseFormReturnType, useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import type { Trouble } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { TroubleNotice } from './trouble-notice.tsx'

export type FormOnPage<Values extends Record<string, unknown>> = {
  fields: UseFormReturnType<Values>
  send(): void
  isBusy: boolean
  error: Trouble | null
}

export function useServerForm<Values extends Record<string, unknown>, Result>(of: {
  initialValues: Values
  /** What can be told without asking the server: by field, a sentence. */
  check?: (values: Values) => FormErrors
  submit: (values: Values) => Promise<Result>
  done?: (result: Result, values: Values) => void
}): FormOnPage<Values> {
  const fields = useForm<Values>({
    initialValues: of.initialValues,
    ...(of.check ? { validate: of.check } : {}),
  })
  const writing = useWriting(of.submit)
  const send = () => {
    if (fields.validate().hasErrors) {
      focusFirstError()
      return
    }
    const values = fields.getValues()
    writing.mutate(values, {
      onSuccess: (result) => of.done?.(result, values),
      onError: (trouble) => {
        fields.setErrors(trouble.fields)
        focusFirstError()
      },
    })
  }
  return { fields, send, isBusy: writing.isPending, error: writing.error }
}

export function ServerForm<Values extends Record<string, unknown>>(props: {
  form: FormOnPage<Values>
  children: ReactNode
  /** What the button does, as a verb. */
  action: string
  actionColor?: string
  /** Beside the button: a way out. */
  beside?: ReactNode
  /** Without, nothing can be sent: the fields are to be read only. */
  mayChange?: boolean
}) {
  const { form, action, beside } = props
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (props.mayChange !== false) form.send()
      }}
    >
      <Stack gap="md">
        {props.children}
        <TroubleNotice error={form.error} />
        {props.mayChange !== false && (
          <Group gap="sm">
            <Button
              type="submit"
              loading={form.isBusy}
              {...(props.actionColor ? { color: props.actionColor } : {})}
            >
              {action}
            </Button>
            {beside}
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** Once the errors are on the page. */
function focusFirstError(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
