/** Step 3: does Tock accept key and ids, and is it the right business? */

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { connectionSchema } from '../../contract/api/key.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import type { SetUpFacts } from './set-up-state.ts'

export function ConnectionStep({ facts: { brand, key } }: { facts: SetUpFacts }) {
  const { winery, may } = useWinery()
  const test = useWriting(() =>
    ask('POST', at`/wineries/${winery}/brands/${brand.brand}/connection-test`, connectionSchema),
  )
  const name = key?.handedOver?.businessName ?? brand.businessName
  return (
    <Stack gap="md">
      {name !== null && name !== undefined && <Text>Tock calls this business {name}.</Text>}
      {test.data && (
        <Alert color="green" role="status" title="Tock accepts the key">
          {test.data.businessName === null
            ? 'The business has no reservation yet, so Tock tells no name.'
            : `Tock calls this business ${test.data.businessName}${test.data.timeZone ? ` (${test.data.timeZone})` : ''}.`}{' '}
          {test.data.reservationFiles} files of reservations and {test.data.guestFiles} of guests are ready.
        </Alert>
      )}
      <TroubleNotice error={test.error} />
      {may('connection.test') && (
        <Group>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate(undefined)}>
            Test the connection
          </Button>
        </Group>
      )}
    </Stack>
  )
}
