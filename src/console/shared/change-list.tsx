/** What became of a customer or a reservation, field by field, the latest first. */

import { Button, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { historyChangeSchema } from '../../contract/api/customer.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { ask, type Trouble } from '../ask.ts'
import { useWinery } from '../winery.tsx'
import { ChangedValue, fieldText } from './changed-value.tsx'
import { Loading } from './loading.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import { When } from './when.tsx'

type Change = z.output<typeof historyChangeSchema>
const answer = pageOf(historyChangeSchema)

/** @param path of the API: `/wineries/…/changes` */
export function ChangeList({ path, nothing }: { path: string; nothing: string }) {
  const { timeZone } = useWinery()
  const changes = useInfiniteQuery<z.output<typeof answer>, Trouble, Change[], unknown[], string | null>({
    queryKey: ['api', path, 'all'],
    queryFn: ({ pageParam: cursor, signal }) =>
      ask('GET', path, answer, { query: { limit: 20, cursor }, signal }),
    initialPageParam: null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  if (changes.error) return <TroubleNotice error={changes.error} again={changes.refetch} />
  if (!changes.data) return <Loading />
  if (changes.data.length === 0) return <Text>{nothing}</Text>
  return (
    <Stack gap="sm" align="flex-start">
      <Table.ScrollContainer minWidth={340} type="native" w="100%">
        <Table aria-label="Changes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.data.map((change) => (
              <Table.Tr key={change.changeId}>
                <Table.Td>
                  <When at={change.changedAt} zone={timeZone} />
                  <Text size="xs" c="dimmed">
                    {change.pullId === null ? makers[change.madeBy] : `Pull ${change.pullId}`}
                  </Text>
                </Table.Td>
                <Table.Td>{fieldText(change.field)}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <ChangedValue change={change} value={change.before} />
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <ChangedValue change={change} value={change.after} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {changes.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={changes.isFetchingNextPage}
          onClick={() => void changes.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </Stack>
  )
}

const makers: Record<Change['madeBy'], string> = {
  pull: 'A pull',
  import: 'An import',
  staff: 'Staff',
  program: 'By itself',
}
