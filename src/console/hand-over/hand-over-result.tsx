/** How the key fares: what Tock calls each business, to be confirmed; or why Tock does not accept it yet. */

import { Alert, Button, Checkbox, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { confirmedKeys, type handedKeySchema, handOverState } from '../../contract/api/key.ts'
import { ask } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { Loading } from '../shared/loading.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'

type HandedKey = z.output<typeof handedKeySchema>
const againMs = 20_000

export function HandOverResult({ receipt, correct }: { receipt: string; correct: () => void }) {
  const state = useQuery({
    queryKey: ['hand-over state', receipt],
    queryFn: () => ask('POST', '/hand-over/state', handOverState, { body: { receipt } }),
    // A receipt stays the same when what was sent is corrected.
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data?.brands.some((one) => one.state === 'trying') ? againMs : false,
  })
  const confirm = useWriting((brands: HandedKey[]) =>
    ask('POST', '/hand-over/confirm', confirmedKeys, {
      body: {
        receipt,
        seen: brands.map(({ brand, businessId, businessName }) => ({ brand, businessId, businessName })),
      },
    }),
  )
  const [isRight, setRight] = useState(false)
  if (state.error) return <TroubleNotice error={state.error} again={() => state.refetch()} />
  if (!state.data) return <Loading />
  const { brands } = state.data
  const tested = brands.filter((one) => one.state === 'tested')
  if (brands.every((one) => one.state === 'confirmed')) {
    return (
      <Alert color="green" title="Done: the key is stored, and this page can be closed." role="status">
        eCELLAR Support goes on from here: a preview comes first, and nothing is imported before you have seen
        its numbers.
      </Alert>
    )
  }
  return (
    <Stack gap="md">
      {brands.map((one) => (
        <OneBrand key={one.brand} handed={one} />
      ))}
      {tested.length > 0 && (
        <>
          <Checkbox
            label={
              tested.length === 1 ? 'Yes, this is the right business' : 'Yes, these are the right businesses'
            }
            checked={isRight}
            onChange={({ currentTarget: { checked } }) => setRight(checked)}
          />
          <TroubleNotice error={confirm.error} />
          <Group>
            <Button
              disabled={!isRight}
              loading={confirm.isPending}
              onClick={() => confirm.mutate(tested, { onSuccess: () => void state.refetch() })}
            >
              Confirm
            </Button>
            <Button variant="default" onClick={correct}>
              No, correct it
            </Button>
          </Group>
        </>
      )}
      {tested.length === 0 && (
        <Group>
          <Button variant="default" onClick={correct}>
            Correct key or ids
          </Button>
          <Button variant="subtle" onClick={() => void state.refetch()}>
            Look again
          </Button>
        </Group>
      )}
    </Stack>
  )
}

const words = {
  trying: { look: 'waits', text: 'Not accepted yet' },
  tested: { look: 'news', text: 'To be confirmed' },
  confirmed: { look: 'good', text: 'Stored' },
  failed: { look: 'bad', text: 'Not accepted' },
  dropped: { look: 'plain', text: 'Dropped' },
} as const

function OneBrand({ handed }: { handed: HandedKey }) {
  const { look, text } = words[handed.state]
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" gap="xs" mb="xs">
        <Text fw={600}>{handed.brandName}</Text>
        <StatusBadge look={look}>{text}</StatusBadge>
      </Group>
      {handed.diagnosis === null && (
        <Text>
          {handed.businessName === null ? (
            'Tock accepts the key. The business has no reservation yet, so Tock tells no name: check the ids once more.'
          ) : (
            <>
              Tock calls this business <strong>{handed.businessName}</strong>
              {handed.timeZone !== null && ` (${handed.timeZone})`}.
            </>
          )}
        </Text>
      )}
      {handed.diagnosis !== null && (
        <Stack gap={4}>
          <Text>{handed.diagnosis.message}</Text>
          <Text size="sm">{handed.diagnosis.nextStep}</Text>
        </Stack>
      )}
      {handed.state === 'trying' && (
        <Text size="sm" c="dimmed" mt="xs">
          It is tried again by itself until <When at={handed.tryUntil} />. You can close this page.
        </Text>
      )}
      {handed.changesBusiness && (
        <Text size="sm" mt="xs">
          These ids are others than the ones before: the next pull is an initial one.
        </Text>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        Business Group ID {handed.businessGroupId}, Business ID {handed.businessId}
      </Text>
    </Paper>
  )
}
