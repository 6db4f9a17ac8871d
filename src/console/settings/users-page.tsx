/** Who of the winery may sign in, in which role, for which brands; invitations on their way. */

import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { invitationSchema, removedSchema, userSchema } from '../../contract/api/user.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { Page } from '../shared/page.tsx'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { DayOf, When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { brandsText, roleWords } from './roles.ts'
import { InviteDialog, type User, UserDialog } from './user-dialogs.tsx'

export function UsersPage() {
  const { winery, may, me, timeZone, hasSeveralBrands } = useWinery()
  const mayChange = may('users.write')
  const [isInviting, setInviting] = useState(false)
  const [changed, setChanged] = useState<User | null>(null)
  const [removed, setRemoved] = useState<User | null>(null)
  const list = useQuery(reading(at`/wineries/${winery}/users`, z.object({ items: z.array(userSchema) })))
  const remove = useWriting((userId: string) =>
    ask('DELETE', at`/wineries/${winery}/users/${userId}`, removedSchema),
  )
  return (
    <Page
      title="Users"
      intro="Everybody has an own account; nobody shares one. A role says what may be seen and done."
      actions={mayChange && <Button onClick={() => setInviting(true)}>Invite somebody</Button>}
    >
      <DataTable
        name="Users"
        list={wholeList(list)}
        isWhole
        rowKey={({ userId }) => userId}
        columns={[
          {
            id: 'name',
            header: 'Name',
            isTitle: true,
            cell: ({ name, userId }) => (userId === me.id ? `${name} (you)` : name),
          },
          { id: 'email', header: 'E-mail address', cell: ({ email }) => email },
          { id: 'role', header: 'Role', cell: ({ role }) => roleWords[role].label },
          hasSeveralBrands && { id: 'brands', header: 'Brands', cell: ({ brands }) => brandsText(brands) },
          {
            id: 'factor',
            header: 'Second factor',
            cell: ({ twoFactor }) => (twoFactor ? 'On' : 'Off'),
          },
          {
            id: 'last',
            header: 'Last signed in',
            cell: ({ lastSignedInAt }) => <When at={lastSignedInAt} zone={timeZone} />,
          },
          mayChange && {
            id: 'change',
            header: 'Change',
            hidesLabel: true,
            cell: (user) => (
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Change ${user.name}`}
                  onClick={() => setChanged(user)}
                >
                  Change
                </Button>
                {user.userId !== me.id && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Remove ${user.name}`}
                    onClick={() => setRemoved(user)}
                  >
                    Remove
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
        empty={<EmptyState title="Nobody of the winery has an account" next="Invite its admin first." />}
      />
      <Invitations mayChange={mayChange} />
      {isInviting && <InviteDialog close={() => setInviting(false)} />}
      {changed && <UserDialog user={changed} close={() => setChanged(null)} />}
      <ConfirmDialog
        opened={removed !== null}
        close={() => setRemoved(null)}
        title={`Remove ${removed?.name ?? ''}?`}
        action="Remove"
        isDangerous
        isBusy={remove.isPending}
        error={remove.error}
        confirm={() =>
          removed &&
          remove.mutate(removed.userId, {
            onSuccess: ({ revokedKeys }) => {
              setRemoved(null)
              notifications.show({
                message: revokedKeys > 0 ? `Removed, with ${revokedKeys} API keys` : 'Removed',
              })
            },
          })
        }
      >
        <Text>At once, with all sessions and the API keys that this user made.</Text>
      </ConfirmDialog>
    </Page>
  )
}

function Invitations({ mayChange }: { mayChange: boolean }) {
  const { winery, timeZone, hasSeveralBrands } = useWinery()
  const list = useQuery(
    reading(at`/wineries/${winery}/invitations`, z.object({ items: z.array(invitationSchema) })),
  )
  const withdraw = useWriting((invitationId: string) =>
    ask('DELETE', at`/wineries/${winery}/invitations/${invitationId}`, z.undefined()),
  )
  return (
    <Section title="Invitations" intro="A mailed link, good once and for a week.">
      <TroubleNotice error={withdraw.error} />
      <DataTable
        name="Invitations"
        list={wholeList(list)}
        isWhole
        rowKey={({ invitationId }) => invitationId}
        columns={[
          { id: 'email', header: 'E-mail address', isTitle: true, cell: ({ email }) => email },
          { id: 'role', header: 'Role', cell: ({ role }) => roleWords[role].label },
          hasSeveralBrands && { id: 'brands', header: 'Brands', cell: ({ brands }) => brandsText(brands) },
          { id: 'by', header: 'Invited by', cell: ({ invitedBy }) => invitedBy },
          {
            id: 'until',
            header: 'Good until',
            cell: ({ expiresAt }) => <DayOf at={expiresAt} zone={timeZone} />,
          },
          mayChange && {
            id: 'change',
            header: 'Change',
            hidesLabel: true,
            cell: ({ invitationId, email }) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Withdraw the invitation of ${email}`}
                disabled={withdraw.isPending}
                onClick={() => withdraw.mutate(invitationId)}
              >
                Withdraw
              </Button>
            ),
          },
        ]}
        empty={
          <EmptyState title="No invitation is open" next="Whoever is invited appears here until they join." />
        }
      />
    </Section>
  )
}
