/** Behind the mailed link: choose a new password. All sessions end with it. */

import { Alert } from '@mantine/core'
import { useState } from 'react'
import { auth } from '../session.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { useLinkToken } from './link-token.ts'
import { checkPassword, emptyPassword, NewPassword } from './new-password.tsx'

export function ResetPasswordPage() {
  const token = useLinkToken()
  const [isDone, setDone] = useState(false)
  const form = useServerForm({
    initialValues: emptyPassword,
    check: checkPassword,
    submit: ({ password }) => auth('/reset-password', { token, newPassword: password }),
    done: () => setDone(true),
  })
  if (token === '') {
    return (
      <Page title="This link is not good">
        <EmptyState
          title="This link is not whole."
          next="Open it from the mail once more, or ask for a new one."
          action={<ButtonLink to="/forgot-password">Ask for a new link</ButtonLink>}
        />
      </Page>
    )
  }
  if (isDone) {
    return (
      <Page title="Your new password is set" key="done">
        <Alert role="status">You were signed out everywhere.</Alert>
        <div>
          <ButtonLink to="/sign-in">Sign in</ButtonLink>
        </div>
      </Page>
    )
  }
  return (
    <Page title="Choose a new password">
      <ServerForm form={form} action="Set the password">
        <NewPassword fields={form.fields} />
      </ServerForm>
    </Page>
  )
}
