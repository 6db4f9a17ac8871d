/** What left of this segment: when, with whom, how many. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { pageOf } from '../../contract/api/paging.ts'
import { pastExportSchema } from '../../contract/api/past-export.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { numberText } from '../shared/figure.tsx'
import { ButtonLink } from '../shared/links.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

const shown = 20

export function PastSegmentExports({ segmentId }: { segmentId: string }) {
  const { winery, timeZone, may } = useWinery()
  const query = { segment: segmentId, limit: shown }
  const list = useQuery({
    ...reading(at`/wineries/${winery}/exports`, pageOf(pastExportSchema), query),
    enabled: may('exports.read'),
  })
  if (!may('exports.read')) return null
  return (
    <Section
      title="Past exports"
      intro={`The latest ${shown}. All are in the settings.`}
      actions={
        <ButtonLink to="/wineries/$winery/export-schedules" params={{ winery }} variant="default" size="xs">
          Exports on a schedule
        </ButtonLink>
      }
    >
      <DataTable
        name="Past exports"
        list={wholeList(list)}
        isWhole
        rowKey={({ exportId }) => exportId}
        columns={[
          {
            id: 'when',
            header: 'Made',
            isTitle: true,
            cell: ({ madeAt }) => <When at={madeAt} zone={timeZone} />,
          },
          { id: 'by', header: 'By', cell: ({ madeBy }) => madeBy },
          {
            id: 'customers',
            header: 'Customers',
            align: 'right',
            cell: ({ customers }) => numberText(customers),
          },
          {
            id: 'format',
            header: 'Format',
            cell: ({ format }) => (format === 'jsonl' ? 'JSON Lines' : 'CSV'),
          },
          {
            id: 'for',
            header: 'For',
            cell: ({ notForMailing, reason }) =>
              notForMailing ? (
                <>
                  <StatusBadge look="careful">Not for mailing</StatusBadge> {reason}
                </>
              ) : (
                'Mailing'
              ),
          },
        ]}
        empty={<Text size="sm">It was never exported.</Text>}
      />
    </Section>
  )
}
