/** A new password over a link that is mailed. The answer is the same whether there is such a user or not. */

import { Alert, TextInput } from '@mantine/core'
import { useState } from 'react'
import { auth } from '../session.ts'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'

export function ForgotPasswordPage() {
  const [isSent, setSent] = useState(false)
  const form = useServerForm({
    initialValues: { email: '' },
    check: ({ email }) => (email.includes('@') ? {} : { email: 'Your e-mail address is needed' }),
    submit: ({ email }) => auth('/request-password-reset', { email: email.trim() }),
    done: () => setSent(true),
  })
  if (isSent) {
    return (
      <Page title="Look at your mail" key="sent">
        <Alert role="status">
          If this address has an account, a mail with a link is on its way. The link is good once, for an
          hour.
        </Alert>
        <TextLink to="/sign-in">Back to the sign-in</TextLink>
      </Page>
    )
  }
  return (
    <Page title="Set a new password" intro="We mail you a link.">
      <ServerForm
        form={form}
        action="Send the link"
        beside={<TextLink to="/sign-in">Back to the sign-in</TextLink>}
      >
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          {...form.fields.getInputProps('email')}
        />
      </ServerForm>
    </Page>
  )
}
