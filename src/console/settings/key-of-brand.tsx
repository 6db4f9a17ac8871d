/** How one brand stands with its Tock key. */

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { z } from 'zod'
import { connectionSchema, type keyStatusSchema, revokedKeys } from '../../contract/api/key.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

export type KeyStatus = z.output<typeof keyStatusSchema>

export function KeyOfBrand(props: {
  status: KeyStatus
  /** null: it is for somebody else to confirm. */
  confirm: (() => void) | null
  isBusy: boolean
}) {
  const { winery, may, timeZone } = useWinery()
  const { brand, name, storedFor, storedAt, linkExpiresAt, handedOver } = props.status
  const [isRevoking, setRevoking] = useState(false)
  const test = useWriting(() =>
    ask('POST', at`/wineries/${winery}/brands/${brand}/connection-test`, connectionSchema),
  )
  const revoke = useWriting(() => ask('DELETE', at`/wineries/${winery}/brands/${brand}/key`, revokedKeys))
  return (
    <Section
      title={name}
      actions={
        <>
          {storedFor !== null && (
            <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
              Test the connection
            </Button>
          )}
          {storedFor === 'brand' && may('key.revoke') && (
            <Button size="xs" variant="outline" color="red" onClick={() => setRevoking(true)}>
              Revoke
            </Button>
          )}
        </>
      }
    >
      <Group gap="sm">
        {storedFor === null ? (
          <StatusBadge look="waits">No key</StatusBadge>
        ) : (
          <>
            <StatusBadge look="good">Key stored</StatusBadge>
            <Text size="sm">
              {storedFor === 'winery' ? 'The one for all brands, stored' : 'Stored'}{' '}
              <When at={storedAt} zone={timeZone} />
            </Text>
          </>
        )}
      </Group>
      {linkExpiresAt !== null && (
        <Text size="sm">
          A link waits for the winery until <When at={linkExpiresAt} zone={timeZone} />.
        </Text>
      )}
      {handedOver !== null && ['trying', 'tested', 'failed'].includes(handedOver.state) && (
        <HandedOver handedOver={handedOver} confirm={props.confirm} isBusy={props.isBusy} />
      )}
      <TroubleNotice error={test.error} />
      {test.data && (
        <Alert color="green" role="status" title="Tock accepts key and ids">
          Tock calls business {test.data.businessId}{' '}
          {test.data.businessName === null ? 'nothing yet: it has no reservations' : test.data.businessName}
          {test.data.timeZone !== null && `, in ${test.data.timeZone}`}. {test.data.reservationFiles} files of
          reservations, {test.data.guestFiles} of guests.
        </Alert>
      )}
      <ConfirmDialog
        opened={isRevoking}
        close={() => setRevoking(false)}
        title={`Revoke the key of ${name}?`}
        action="Revoke"
        isDangerous
        isBusy={revoke.isPending}
        error={revoke.error}
        confirm={() =>
          revoke.mutate(undefined, {
            onSuccess: ({ goesByWinerysKey }) => {
              setRevoking(false)
              notifications.show({
                message: goesByWinerysKey
                  ? "Revoked. The winery's key for all brands is used now"
                  : 'Revoked',
              })
            },
          })
        }
      >
        <Text>Mapping, history and what was pulled stay.</Text>
      </ConfirmDialog>
    </Section>
  )
}

function HandedOver(props: {
  handedOver: NonNullable<KeyStatus['handedOver']>
  confirm: (() => void) | null
  isBusy: boolean
}) {
  const { timeZone } = useWinery()
  const { state, businessName, businessId, diagnosis, nextTryAt, changesBusiness } = props.handedOver
  if (state === 'tested') {
    return (
      <Alert color="blue" role="status" title="A new key waits to be confirmed">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">
            Tock calls business {businessId}{' '}
            <strong>{businessName ?? '(no name: no reservations yet)'}</strong>. Is it the right one?
            {changesBusiness &&
              " It is another business than before: the brand's next pull is an initial one."}
          </Text>
          {props.confirm ? (
            <Button size="xs" loading={props.isBusy} onClick={props.confirm}>
              Yes, use this key
            </Button>
          ) : (
            <Text size="sm">The winery admin confirms it.</Text>
          )}
        </Stack>
      </Alert>
    )
  }
  return (
    <Alert color="orange" role="status" title={diagnosis?.message ?? 'Tock does not accept the new key yet'}>
      <Text size="sm">
        {diagnosis?.nextStep}{' '}
        {nextTryAt !== null && (
          <>
            It is tried again by itself, next on <When at={nextTryAt} zone={timeZone} />.
          </>
        )}
      </Text>
    </Alert>
  )
}
