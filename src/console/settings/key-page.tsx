/** The Tock key: how each brand stands with it, asking for a new one, confirming, revoking. Never the key itself. */

import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { askedForKey, confirmedKeys, keyStatusSchema, revokedKeys } from '../../contract/api/key.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { KeyOfBrand, type KeyStatus } from './key-of-brand.tsx'

export function KeyPage() {
  const { winery, may, me, timeZone } = useWinery()
  const isForAll = me.brands === null
  const keys = useQuery(reading(at`/wineries/${winery}/keys`, z.object({ items: z.array(keyStatusSchema) })))
  const [isRevoking, setRevoking] = useState(false)
  const request = useWriting(() =>
    ask('POST', at`/wineries/${winery}/key-requests`, askedForKey, { body: {} }),
  )
  const confirm = useWriting(({ brand, handedOver }: KeyStatus) =>
    ask('POST', at`/wineries/${winery}/keys/confirm`, confirmedKeys, {
      body: {
        seen: handedOver
          ? [{ brand, businessId: handedOver.businessId, businessName: handedOver.businessName }]
          : [],
      },
    }),
  )
  const revoke = useWriting(() => ask('DELETE', at`/wineries/${winery}/keys`, revokedKeys))
  const items = keys.data?.items ?? []
  const hasAny = items.some(({ storedFor, linkExpiresAt }) => storedFor !== null || linkExpiresAt !== null)
  return (
    <Page
      title="Tock key"
      intro="An account owner asks Tock for the key and hands it over by a one-time link. It is stored encrypted and shown to nobody."
      actions={
        isForAll && (
          <>
            {may('key.ask') && (
              <Button loading={request.isPending} onClick={() => request.mutate()}>
                {items.some(({ storedFor }) => storedFor !== null) ? 'Ask for a new key' : 'Ask for the key'}
              </Button>
            )}
            {may('key.revoke') && hasAny && (
              <Button variant="outline" color="red" onClick={() => setRevoking(true)}>
                Revoke all
              </Button>
            )}
          </>
        )
      }
    >
      {!may('key.ask') && (
        <Text size="sm">To replace the key, ask Support for a new link. Until then the old one is used.</Text>
      )}
      <TroubleNotice error={request.error ?? confirm.error} />
      {request.data && (
        <Alert color="green" role="status" title="The link is made">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              {request.data.mailedTo === null
                ? 'It was mailed to nobody: there is no reservation contact. Hand it on yourself.'
                : `It was mailed to ${request.data.mailedTo}.`}{' '}
              Good for one submission, until <When at={request.data.expiresAt} zone={timeZone} />. It is shown
              this once.
            </Text>
            <Group gap="sm">
              <Code style={{ overflowWrap: 'anywhere' }}>{request.data.link}</Code>
              <CopyButton value={request.data.link}>
                {({ copied, copy }) => (
                  <Button size="compact-sm" variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy the link'}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Stack>
        </Alert>
      )}
      {keys.error ? (
        <TroubleNotice error={keys.error} again={keys.refetch} />
      ) : keys.data ? (
        items.map((status) => (
          <KeyOfBrand
            key={status.brand}
            status={status}
            confirm={
              isForAll && may('key.hand-over')
                ? () =>
                    confirm.mutate(status, {
                      onSuccess: () => notifications.show({ message: 'The key is used from now on' }),
                    })
                : null
            }
            isBusy={confirm.isPending}
          />
        ))
      ) : (
        <Loading />
      )}
      <ConfirmDialog
        opened={isRevoking}
        close={() => setRevoking(false)}
        title="Revoke all keys?"
        action="Revoke"
        isDangerous
        word={winery}
        isBusy={revoke.isPending}
        error={revoke.error}
        confirm={() => revoke.mutate(undefined, { onSuccess: () => setRevoking(false) })}
      >
        <Text>
          Nothing is pulled any more until a new key is handed over. Mapping, history and what was pulled
          stay. Have the key revoked at Tock as well, if somebody else may know it.
        </Text>
      </ConfirmDialog>
    </Page>
  )
}
