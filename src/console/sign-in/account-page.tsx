/** What is one's own: the name, the second factor, the password, all sessions. */

import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useWriting } from '../reading.ts'
import { auth, signOut } from '../session.ts'
import { ButtonLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { ChangeName } from './change-name.tsx'
import { ChangePassword } from './change-password.tsx'
import { TwoFactor } from './two-factor.tsx'

type Session = { user: { name: string; email: string; twoFactorEnabled?: boolean | null } } | null

export function AccountPage() {
  const session = useQuery({ queryKey: ['api', 'session'], queryFn: () => auth<Session>('/get-session') })
  const navigate = useNavigate()
  const leave = useWriting(async () => {
    await auth('/revoke-other-sessions', {})
    await signOut()
  })
  return (
    <Page
      title="Your account"
      intro={session.data?.user.email}
      actions={
        <ButtonLink to="/" variant="default">
          Back to the start
        </ButtonLink>
      }
    >
      <TroubleNotice error={session.error} again={() => session.refetch()} />
      {session.isPending && <Loading />}
      {session.data && (
        <Stack gap="xl" maw={560}>
          <section>
            <Title order={2} mb="sm">
              Name
            </Title>
            <ChangeName name={session.data.user.name} />
          </section>
          <section>
            <Title order={2} mb="sm">
              Two-factor sign-in
            </Title>
            <TwoFactor isOn={session.data.user.twoFactorEnabled === true} />
          </section>
          <section>
            <Title order={2} mb="sm">
              Password
            </Title>
            <ChangePassword />
          </section>
          <section>
            <Title order={2} mb="sm">
              Sessions
            </Title>
            <Stack gap="sm">
              <Text>Signs you out here and on every other device.</Text>
              <TroubleNotice error={leave.error} />
              <Group>
                <Button
                  variant="default"
                  loading={leave.isPending}
                  onClick={() =>
                    leave.mutate(undefined, { onSuccess: () => void navigate({ to: '/sign-in' }) })
                  }
                >
                  Sign out everywhere
                </Button>
              </Group>
            </Stack>
          </section>
        </Stack>
      )}
    </Page>
  )
}
