/** Who entered a segment by an initial pull, a mapping or a decision: a look at some of them, then one confirmation. */

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { entriesConfirmed, segmentMoveSchema } from '../../contract/api/segment-history.ts'
import { ask, at } from '../ask.ts'
import { customerName } from '../customers/customer-words.tsx'
import { reading, useWriting } from '../reading.ts'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { Campaign } from './campaigns-page.tsx'

const sample = 10

export function WaitingEntries({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { winery, timeZone, may } = useWinery()
  const path = at`/wineries/${winery}/segments/${campaign.segmentId}`
  const list = useQuery(
    reading(`${path}/moves`, pageOf(segmentMoveSchema), { waiting: 'true', limit: sample }),
  )
  const confirm = useWriting((upTo: string) =>
    ask('POST', `${path}/confirm`, entriesConfirmed, { body: { upTo } }),
  )
  const latest = list.data?.items[0]?.moveId
  const { waitingEntries: count } = campaign
  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      title={`${numberText(count)} waiting for “${campaign.campaign}”`}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Text size="sm">
          They came into “{campaign.segment}” by an initial pull, a mapping or a decision, not by what they
          did lately.
          {count > sample && ` The latest ${sample} of them:`}
        </Text>
        <DataTable
          name="Waiting entries"
          list={wholeList(list)}
          isWhole
          rowKey={({ moveId }) => moveId}
          columns={[
            {
              id: 'who',
              header: 'Customer',
              isTitle: true,
              cell: (move) => (
                <TextLink
                  to="/wineries/$winery/customers/$customer"
                  params={{ winery, customer: move.customerId }}
                >
                  {customerName(move)}
                </TextLink>
              ),
            },
            {
              id: 'why',
              header: 'By',
              cell: ({ because }) => `${because === 'initial pull' ? 'an' : 'a'} ${because}`,
            },
            { id: 'when', header: 'When', cell: ({ movedAt }) => <When at={movedAt} zone={timeZone} /> },
            { id: 'mail', header: 'May be mailed', cell: ({ mayMail }) => (mayMail ? 'Yes' : 'No') },
          ]}
          empty={<Text size="sm">Nobody waits any more.</Text>}
        />
        <TroubleNotice error={confirm.error} />
        {may('segments.write') ? (
          <Group gap="sm">
            <Button
              disabled={latest === undefined}
              loading={confirm.isPending}
              onClick={() =>
                latest !== undefined &&
                confirm.mutate(latest, {
                  onSuccess: ({ confirmed }) => {
                    close()
                    notifications.show({
                      message: `${numberText(confirmed)} confirmed: scheduled exports carry them from now on`,
                    })
                  },
                })
              }
            >
              Confirm all {numberText(count)}
            </Button>
            <Text size="sm" c="dimmed">
              Scheduled exports carry them then, as far as they may be mailed.
            </Text>
          </Group>
        ) : (
          <Text size="sm">A marketer or the winery admin confirms them.</Text>
        )}
      </Stack>
    </Modal>
  )
}
