/** Two fields for a password that is chosen: wherever one is. */

import { PasswordInput } from '@mantine/core'
import type { FormErrors, UseFormReturnType } from '@mantine/form'

export const emptyPassword = { password: '', again: '' }

export function checkPassword({ password, again }: { password: string; again: string }): FormErrors {
  if (password.length < 12)
    return { password: 'Take at least 12 characters: a few words that do not belong together' }
  if (password.length > 128) return { password: 'Take 128 characters at most' }
  return password === again ? {} : { again: 'This is not the same' }
}

export function NewPassword<Values extends typeof emptyPassword>({
  fields,
}: {
  fields: UseFormReturnType<Values>
}) {
  return (
    <>
      <PasswordInput
        label="New password"
        description="At least 12 characters"
        autoComplete="new-password"
        {...fields.getInputProps('password')}
      />
      <PasswordInput label="The same again" autoComplete="new-password" {...fields.getInputProps('again')} />
    </>
  )
}
