/** Invites somebody; gives a user another role or other brands, ends sessions, takes off a lost second factor. */

import { Button, Group, MultiSelect, Radio, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { z } from 'zod'
import type { Role } from '../../contract/access.ts'
import { invitationSchema, userSchema } from '../../contract/api/user.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { useMailWords } from '../shared/about.ts'
import { Dialog } from '../shared/dialog.tsx'
import { type FormOnPage, ServerForm, useServerForm } from '../shared/server-form.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { roleWords, wineryRoles } from './roles.ts'

export type User = z.output<typeof userSchema>

export function InviteDialog({ close, preset = 'marketer' }: { close: () => void; preset?: Role }) {
  const { winery } = useWinery()
  const mailWords = useMailWords()
  const form = useServerForm({
    initialValues: { email: '', role: preset as string, brands: [] as string[] },
    check: ({ email }) => (email.includes('@') ? {} : { email: 'An e-mail address is needed' }),
    submit: ({ email, role: chosen, brands }) =>
      ask('POST', at`/wineries/${winery}/invitations`, invitationSchema, {
        body: { email: email.trim(), role: chosen, brands: brandsOf(chosen, brands) },
      }),
    done: ({ email }) => {
      close()
      notifications.show({ message: mailWords('A link', email) })
    },
  })
  return (
    <Dialog close={close} title="Invite somebody">
      <ServerForm form={form} action="Send the invitation">
        <TextInput
          label="E-mail address"
          type="email"
          data-autofocus
          {...form.fields.getInputProps('email')}
        />
        <RoleAndBrands form={form} />
      </ServerForm>
    </Dialog>
  )
}

export function UserDialog({ user, close }: { user: User; close: () => void }) {
  const { winery } = useWinery()
  const path = at`/wineries/${winery}/users/${user.userId}`
  const form = useServerForm({
    initialValues: { role: user.role as string, brands: user.brands ?? [] },
    submit: ({ role, brands }) =>
      ask('PATCH', path, userSchema, { body: { role, brands: brandsOf(role, brands) } }),
    done: () => {
      close()
      notifications.show({ message: 'Saved' })
    },
  })
  const doing = useWriting((what: 'sign-out' | 'reset-two-factor') =>
    ask('POST', `${path}/${what}`, z.undefined()),
  )
  const act = (what: 'sign-out' | 'reset-two-factor', message: string) =>
    doing.mutate(what, { onSuccess: () => notifications.show({ message }) })
  return (
    <Dialog close={close} title={user.name}>
      <Stack gap="lg">
        <ServerForm form={form} action="Save">
          <RoleAndBrands form={form} />
        </ServerForm>
        <TroubleNotice error={doing.error} />
        <Group gap="sm">
          <Button
            size="xs"
            variant="default"
            disabled={doing.isPending}
            onClick={() => act('sign-out', `${user.name} is signed out everywhere`)}
          >
            Sign out everywhere
          </Button>
          {user.twoFactor && (
            <Button
              size="xs"
              variant="default"
              disabled={doing.isPending}
              onClick={() =>
                act('reset-two-factor', 'The second factor is off; the user hears of it by mail')
              }
            >
              Take the second factor off
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

function RoleAndBrands<Values extends { role: string; brands: string[] }>({
  form,
}: {
  form: FormOnPage<Values>
}) {
  const { brands, hasSeveralBrands } = useWinery()
  const { fields } = form
  return (
    <>
      <Radio.Group label="Role" {...fields.getInputProps('role')}>
        <Stack gap="xs" mt="xs">
          {wineryRoles.map((role) => (
            <Radio key={role} value={role} label={roleWords[role].label} description={roleWords[role].does} />
          ))}
        </Stack>
      </Radio.Group>
      {hasSeveralBrands && fields.values.role !== 'winery admin' && (
        <MultiSelect
          label="Brands"
          description="None chosen: all of the winery"
          data={brands.map(({ brand: value, name: label }) => ({ value, label }))}
          {...fields.getInputProps('brands')}
        />
      )}
    </>
  )
}

function brandsOf(role: string, brands: string[]): string[] | null {
  return (role as Role) === 'winery admin' || brands.length === 0 ? null : brands
}
