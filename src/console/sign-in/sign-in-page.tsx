/** Sign-in: address and password, then, for who has turned it on, a code. */

import { Alert, PasswordInput, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient } from '../reading.ts'
import { auth, meQuery } from '../session.ts'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { SecondFactorForm } from './second-factor-form.tsx'

export function SignInPage() {
  const [step, setStep] = useState<'password' | 'second factor'>('password')
  const { ended } = useSearch({ from: '/open/sign-in' })
  const enter = useEntering()
  if (step === 'second factor') {
    return (
      <Page title="Your code" key="code">
        <SecondFactorForm entered={enter} beginAgain={() => setStep('password')} />
      </Page>
    )
  }
  return (
    <Page title="Sign in">
      {ended && (
        <Alert role="status">Your session has ended. Sign in, and you are back where you were.</Alert>
      )}
      <PasswordForm entered={enter} wantsCode={() => setStep('second factor')} />
    </Page>
  )
}

function PasswordForm({ entered, wantsCode }: { entered: () => void; wantsCode: () => void }) {
  const form = useServerForm({
    initialValues: { email: '', password: '' },
    check: ({ email, password }) => ({
      ...(email.trim() === '' ? { email: 'Your e-mail address is needed' } : {}),
      ...(password === '' ? { password: 'Your password is needed' } : {}),
    }),
    submit: ({ email, password }) =>
      auth<{ twoFactorRedirect?: boolean }>('/sign-in/email', { email: email.trim(), password }),
    done: ({ twoFactorRedirect }) => (twoFactorRedirect ? wantsCode() : entered()),
  })
  return (
    <ServerForm
      form={form}
      action="Sign in"
      beside={<TextLink to="/forgot-password">Forgot your password?</TextLink>}
    >
      <TextInput
        label="E-mail address"
        type="email"
        autoComplete="username"
        autoFocus
        {...form.fields.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        {...form.fields.getInputProps('password')}
      />
    </ServerForm>
  )
}

/** Whoever was there before on this machine is gone; the page that was wanted comes. */
function useEntering(): () => void {
  const navigate = useNavigate()
  const { back } = useSearch({ from: '/open/sign-in' })
  return () => {
    queryClient.clear()
    // Only a path of this console.
    const to = back?.startsWith('/') && !back.startsWith('//') ? back : '/'
    void queryClient.fetchQuery(meQuery).then(() => navigate({ href: to }))
  }
}
