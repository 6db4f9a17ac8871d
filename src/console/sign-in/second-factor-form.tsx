/** The second step of a sign-in: a code of the authenticator app, or one of the backup codes. */

import { Anchor, Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { auth } from '../session.ts'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'

export function SecondFactorForm({ entered, beginAgain }: { entered: () => void; beginAgain: () => void }) {
  const [withBackupCode, setBackup] = useState(false)
  const form = useServerForm({
    initialValues: { code: '', trustDevice: false },
    check: ({ code }) => (code.trim() === '' ? { code: 'A code is needed' } : {}),
    submit: ({ code, trustDevice }) =>
      auth(withBackupCode ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp', {
        code: code.replaceAll(' ', ''),
        trustDevice,
      }),
    done: entered,
  })
  const otherWay = withBackupCode ? 'Use the authenticator app' : 'Use a backup code'
  return (
    <ServerForm
      form={form}
      action="Continue"
      beside={
        <Anchor component="button" type="button" onClick={beginAgain}>
          Begin again
        </Anchor>
      }
    >
      <TextInput
        label={withBackupCode ? 'Backup code' : 'Code of your authenticator app'}
        description={withBackupCode ? 'One of the ten; each is good once' : 'Six digits'}
        autoComplete="one-time-code"
        inputMode={withBackupCode ? 'text' : 'numeric'}
        data-autofocus
        autoFocus
        {...form.fields.getInputProps('code')}
      />
      <Checkbox
        label="Do not ask on this device for 30 days"
        {...form.fields.getInputProps('trustDevice', { type: 'checkbox' })}
      />
      <Anchor
        component="button"
        type="button"
        onClick={() => {
          form.fields.reset()
          setBackup(!withBackupCode)
        }}
        style={{ alignSelf: 'flex-start' }}
      >
        {otherWay}
      </Anchor>
    </ServerForm>
  )
}
