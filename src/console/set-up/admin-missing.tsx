/** Says that the winery has nobody yet who confirms the preview and maps: Support invites the winery admin. */

import { Alert, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { invitationSchema, userSchema } from '../../contract/api/user.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { InviteDialog } from '../settings/user-dialogs.tsx'
import { useMailWords } from '../shared/about.ts'
import { useWinery } from '../winery.tsx'

export function AdminMissing() {
  const { winery, may } = useWinery()
  const [isInviting, setInviting] = useState(false)
  const mailWords = useMailWords()
  const enabled = may('users.write')
  const users = useQuery({
    ...reading(at`/wineries/${winery}/users`, z.object({ items: z.array(userSchema) })),
    enabled,
  })
  const invitations = useQuery({
    ...reading(at`/wineries/${winery}/invitations`, z.object({ items: z.array(invitationSchema) })),
    enabled,
  })
  if (!users.data || !invitations.data) return null
  if (users.data.items.some(({ role }) => role === 'winery admin')) return null
  const invited = invitations.data.items.find(({ role }) => role === 'winery admin')
  return (
    <Alert
      color="orange"
      title={invited ? 'The winery admin has not joined yet' : 'The winery has no winery admin yet'}
    >
      <Text size="sm">
        {invited
          ? `${mailWords('An invitation', invited.email)} `
          : 'Invite one now: it takes a mail and a minute. '}
        The winery admin confirms the preview in step 6, maps, and releases new customers.
      </Text>
      <Group mt="sm">
        <Button size="xs" variant="default" onClick={() => setInviting(true)}>
          {invited ? 'Invite somebody else' : 'Invite the winery admin'}
        </Button>
      </Group>
      {isInviting && <InviteDialog close={() => setInviting(false)} preset="winery admin" />}
    </Alert>
  )
}
