/** Another password; all other sessions end with it. */

import { PasswordInput, Text } from '@mantine/core'
import { auth } from '../session.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { checkPassword, emptyPassword, NewPassword } from './new-password.tsx'

export function ChangePassword() {
  const form = useServerForm({
    initialValues: { current: '', ...emptyPassword, isDone: false },
    check: (values) => ({
      ...(values.current === '' ? { current: 'Your password of now is needed' } : {}),
      ...checkPassword(values),
    }),
    submit: ({ current, password }) =>
      auth('/change-password', { currentPassword: current, newPassword: password }),
    done: () => {
      form.fields.reset()
      form.fields.setFieldValue('isDone', true)
    },
  })
  return (
    <ServerForm form={form} action="Change the password">
      {form.fields.getValues().isDone && (
        <Text role="status">Your password is changed. Your other sessions have ended.</Text>
      )}
      <PasswordInput
        label="Password of now"
        autoComplete="current-password"
        {...form.fields.getInputProps('current')}
      />
      <NewPassword fields={form.fields} />
    </ServerForm>
  )
}
