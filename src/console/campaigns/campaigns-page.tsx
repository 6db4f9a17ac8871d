/** Audiences of campaigns that are scheduled elsewhere: which segments, who gets their mail now, who waits before them. */

import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { type campaignSchema, campaignsSchema } from '../../contract/api/campaign.ts'
import { savedSegmentSchema } from '../../contract/api/segment.ts'
import { ask, at } from '../ask.ts'
import { reading, useWriting } from '../reading.ts'
import { NotForYou } from '../segments/not-for-you.tsx'
import { useMayHaveSegments } from '../segments/use-segments.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { EmptyState } from '../shared/empty-state.tsx'
import { Figure, numberText } from '../shared/figure.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { MarkDialog } from './mark-dialog.tsx'
import { WaitingEntries } from './waiting-entries.tsx'

export type Campaign = z.output<typeof campaignSchema>
type Asked = { what: 'mark'; campaign: Campaign | null } | { what: 'unmark' | 'entries'; campaign: Campaign }

export function CampaignsPage() {
  return useMayHaveSegments() ? <Campaigns /> : <NotForYou />
}

function Campaigns() {
  const { winery, timeZone, may } = useWinery()
  const [asked, setAsked] = useState<Asked | null>(null)
  const list = useQuery(reading(at`/wineries/${winery}/campaigns`, campaignsSchema))
  const unmark = useWriting((segmentId: string) =>
    ask('DELETE', at`/wineries/${winery}/segments/${segmentId}/campaign`, savedSegmentSchema),
  )
  const close = () => setAsked(null)
  const mayMark = may('segments.write')
  return (
    <Page
      title="Campaigns"
      intro="Segments that are audiences of scheduled campaigns: who is in one gets its mail by itself. Previews, initial pulls and releases say beforehand whom they would bring into one."
      actions={
        mayMark && <Button onClick={() => setAsked({ what: 'mark', campaign: null })}>Mark a segment</Button>
      }
    >
      <DataTable
        name="Campaigns"
        list={wholeList(list)}
        isWhole
        rowKey={({ segmentId }) => segmentId}
        columns={[
          {
            id: 'campaign',
            header: 'Campaign',
            isTitle: true,
            cell: ({ campaign }) => campaign,
          },
          {
            id: 'at',
            header: 'Sent',
            cell: ({ campaignAt }) =>
              campaignAt === null ? 'not known' : <When at={campaignAt} zone={timeZone} />,
          },
          {
            id: 'segment',
            header: 'Segment',
            cell: ({ segment, segmentId }) => (
              <TextLink to="/wineries/$winery/segments/$segment" params={{ winery, segment: segmentId }}>
                {segment}
              </TextLink>
            ),
          },
          {
            id: 'audience',
            header: 'Get it now',
            align: 'right',
            cell: ({ audience, matching }) => `${numberText(audience)} of ${numberText(matching)}`,
          },
          {
            id: 'join',
            header: 'Once all are released',
            align: 'right',
            cell: ({ joinOnceReleased }) => (
              <Group gap={4} component="span" display="inline-flex">
                +
                <Figure
                  value={joinOnceReleased}
                  what="customers who would get it, were they released"
                  to="/wineries/$winery/customers"
                  params={{ winery }}
                  search={{ released: 'false' }}
                />
              </Group>
            ),
          },
          {
            id: 'entries',
            header: 'Waiting entries',
            align: 'right',
            cell: (campaign) =>
              campaign.waitingEntries === 0 ? (
                '0'
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setAsked({ what: 'entries', campaign })}
                >
                  {`Look at ${numberText(campaign.waitingEntries)}`}
                </Button>
              ),
          },
          mayMark && {
            id: 'actions',
            header: 'Change',
            hidesLabel: true,
            cell: (campaign) => (
              <Group gap={6} wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Change ${campaign.campaign}`}
                  onClick={() => setAsked({ what: 'mark', campaign })}
                >
                  Change
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Unmark ${campaign.campaign}`}
                  onClick={() => setAsked({ what: 'unmark', campaign })}
                >
                  Unmark
                </Button>
              </Group>
            ),
          },
        ]}
        empty={
          <EmptyState
            title="No segment is the audience of a campaign"
            next="Mark the segments that your scheduled campaigns go to: a New-customer campaign, a win-back campaign. Then previews, initial pulls and releases say who would join them."
            action={
              <ButtonLink variant="default" to="/wineries/$winery/segments" params={{ winery }}>
                Segments
              </ButtonLink>
            }
          />
        }
      />
      <Text size="sm" c="dimmed">
        Waiting entries are customers who came into the segment by an initial pull, a mapping or a decision.
        No scheduled export carries them before somebody has looked at them and confirmed.
      </Text>
      {asked?.what === 'mark' && <MarkDialog campaign={asked.campaign} close={close} />}
      {asked?.what === 'entries' && <WaitingEntries campaign={asked.campaign} close={close} />}
      <ConfirmDialog
        opened={asked?.what === 'unmark'}
        close={close}
        title="Unmark this segment?"
        action="Unmark"
        isBusy={unmark.isPending}
        error={unmark.error}
        confirm={() => asked?.campaign && unmark.mutate(asked.campaign.segmentId, { onSuccess: close })}
      >
        <Text>
          Previews, initial pulls and releases no longer say who would join “{asked?.campaign?.campaign}”. The
          segment stays, and so do the entries that wait.
        </Text>
      </ConfirmDialog>
    </Page>
  )
}
