/** Behind an invitation, or behind the link of the first Support user: choose name and password. */

import { Alert, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { z } from 'zod'
import { invitationSchema, joinedSchema } from '../../contract/api/user.ts'
import { ask } from '../ask.ts'
import { queryClient } from '../reading.ts'
import { auth } from '../session.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { ServerForm, useServerForm } from '../shared/server-form.tsx'
import { whenText } from '../shared/when.tsx'
import { useLinkToken } from './link-token.ts'
import { checkPassword, emptyPassword, NewPassword } from './new-password.tsx'

export function JoinPage() {
  const token = useLinkToken()
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => ask('POST', '/invitations/show', invitationSchema, { body: { token } }),
    enabled: token.length >= 20,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (token.length < 20 || invitation.error) {
    return (
      <Page title="This link is not good">
        <EmptyState
          title={invitation.error?.message ?? 'This link is not whole.'}
          next={invitation.error?.nextStep ?? 'Open it from the mail once more.'}
          action={<ButtonLink to="/sign-in">Sign in</ButtonLink>}
        />
      </Page>
    )
  }
  if (!invitation.data) return <Loading />
  return <JoinForm token={token} invitation={invitation.data} />
}

function JoinForm({ token, invitation }: { token: string; invitation: z.output<typeof invitationSchema> }) {
  const navigate = useNavigate()
  const form = useServerForm({
    initialValues: { name: '', email: invitation.email ?? '', ...emptyPassword },
    check: (values) => ({
      ...(values.name.trim() === '' ? { name: 'The name that others know you by' } : {}),
      ...(values.email.includes('@') ? {} : { email: 'Your e-mail address is needed' }),
      ...checkPassword(values),
    }),
    submit: async ({ name, email, password }) => {
      const own = invitation.email === null ? { email: email.trim() } : {}
      const joined = await ask('POST', '/invitations/join', joinedSchema, {
        body: { token, name, password, ...own },
      })
      await auth('/sign-in/email', { email: joined.email, password })
    },
    done: () => {
      queryClient.clear()
      void navigate({ to: '/' })
    },
  })
  const { role, winery: wineryName, invitedBy, expiresAt } = invitation
  const isFirst = invitation.email === null
  return (
    <Page title={isFirst ? 'The first Support user' : 'Welcome'}>
      <Text>
        {isFirst
          ? 'This installation has no user yet. Whoever joins here becomes Support: sees all wineries, sets them up, and invites everybody else.'
          : `${invitedBy} invites you ${wineryName === null ? 'to eCELLAR Tock Integration' : `to ${wineryName}`}, as ${role}.`}{' '}
        The link is good until {whenText(expiresAt)}.
      </Text>
      <ServerForm form={form} action="Join">
        <TextInput label="Your name" autoComplete="name" {...form.fields.getInputProps('name')} />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          readOnly={!isFirst}
          {...(isFirst ? {} : { description: 'The invitation is for this address' })}
          {...form.fields.getInputProps('email')}
        />
        <NewPassword fields={form.fields} />
        {(role === 'support' || role === 'winery admin') && (
          <Alert color="blue">
            Please turn on two-factor sign-in afterwards: Your account, in the menu with your name.
          </Alert>
        )}
      </ServerForm>
    </Page>
  )
}
