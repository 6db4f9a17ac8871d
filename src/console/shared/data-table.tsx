/**
 * The one way to show a list: a table (cards on narrow screens), sorted and paged by the server. While it loads, when
 * it is empty and when it fails it says so in words.
 */

import {
  Box,
  Button,
  Group,
  Paper,
  Skeleton,
  Stack,
  Table,
  Text,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { CaretDownIcon, CaretSortIcon, CaretUpIcon } from '@radix-ui/react-icons'
import { type ColumnDef, FlexRender, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { Trouble } from '../ask.ts'
import { usePaging } from '../url-search.ts'
import { TroubleNotice } from './trouble-notice.tsx'

export type DataColumn<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** The name that the API sorts by; left out: it does not sort by this. */
  sort?: string
  align?: 'left' | 'right'
  /** The first thing that is read of a row: the head of its card. Give it to one column. */
  isTitle?: boolean
  /** For what is clear from itself on a card: buttons, the title. */
  hidesLabel?: boolean
}

/** What `useQuery(reading(…, pageOf(…)))` answers. */
export type PagedList<Row> = {
  data: { items: Row[]; nextCursor: string | null } | undefined
  error: Trouble | null
  isPending: boolean
  isPlaceholderData?: boolean
  refetch(): unknown
}

export type DataTableProps<Row> = {
  /** What the list is, for who cannot see it: "Pulls". */
  name: string
  list: PagedList<Row>
  columns: (DataColumn<Row> | false | null | undefined)[]
  rowKey: (row: Row) => string
  /** `startedAt`, or `-startedAt` for newest first; with `change` columns can be sorted. */
  sort?: { value: string | undefined; change: (sort: string) => void }
  /** Instead of rows, when there are none: say what to do next. */
  empty: ReactNode
  /** A whole list without cursor (a few rows of another page) has no paging. */
  isWhole?: boolean
}

/** A list that comes whole, without pages. */
export function wholeList<Row>(
  query: Omit<PagedList<Row>, 'data'> & { data: { items: Row[] } | undefined },
): PagedList<Row> {
  const { data, error, isPending } = query
  return {
    error,
    isPending,
    data: data && { items: data.items, nextCursor: null },
    refetch: () => query.refetch(),
  }
}

const features = tableFeatures({ rowSortingFeature })

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { list, columns: given, name } = props
  const columns = given.filter((column): column is DataColumn<Row> => Boolean(column))
  const isNarrow = useMediaQuery('(max-width: 48em)', window.innerWidth < 768, {
    getInitialValueInEffect: false,
  })
  if (list.error) return <TroubleNotice error={list.error} again={() => list.refetch()} />
  if (list.isPending || !list.data) return <LoadingRows name={name} />
  const { items, nextCursor } = list.data
  return (
    <Stack gap="sm" aria-busy={list.isPlaceholderData === true}>
      {items.length === 0 ? (
        props.empty
      ) : isNarrow ? (
        <Cards {...props} columns={columns} rows={items} />
      ) : (
        <Rows {...props} columns={columns} rows={items} />
      )}
      {props.isWhole !== true && <Paging nextCursor={nextCursor} isEmpty={items.length === 0} />}
    </Stack>
  )
}

type Shown<Row> = Omit<DataTableProps<Row>, 'columns'> & { columns: DataColumn<Row>[]; rows: Row[] }

function Rows<Row>({ columns, rows, rowKey, name, sort }: Shown<Row>) {
  const sorted = sort?.value
  const table = useTable<typeof features, object & Row>({
    features,
    data: rows as (object & Row)[],
    getRowId: rowKey,
    manualSorting: true,
    columns: columns.map(
      (column): ColumnDef<typeof features, object & Row> => ({
        id: column.id,
        header: column.header,
      }),
    ),
  })
  const byId = new Map(columns.map((column) => [column.id, column]))
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table highlightOnHover aria-label={name}>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => {
                const column = byId.get(header.column.id)
                const by = sort && column?.sort
                const direction = sorted === by ? 'ascending' : sorted === `-${by}` ? 'descending' : 'none'
                return (
                  <Table.Th
                    key={header.id}
                    ta={column?.align ?? 'left'}
                    {...(by === undefined ? {} : { 'aria-sort': direction })}
                  >
                    {by === undefined ? (
                      <FlexRender header={header} />
                    ) : (
                      <SortButton
                        label={column?.header ?? ''}
                        direction={direction}
                        onClick={() => sort?.change(direction === 'descending' ? by : `-${by}`)}
                      />
                    )}
                  </Table.Th>
                )
              })}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {row.getAllCells().map((cell) => (
                <Table.Td key={cell.id} ta={byId.get(cell.column.id)?.align ?? 'left'}>
                  {/* Called, not rendered as a component: its function is another one each time, and all in the cell
                  would be made anew, without the focus. */}
                  {byId.get(cell.column.id)?.cell(row.original)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const carets = { ascending: CaretUpIcon, descending: CaretDownIcon, none: CaretSortIcon }

function SortButton(props: { label: string; direction: keyof typeof carets; onClick: () => void }) {
  const Caret = carets[props.direction]
  return (
    <UnstyledButton onClick={props.onClick} fw="inherit" fz="inherit">
      <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
        {props.label}
        <Caret aria-hidden />
      </Group>
    </UnstyledButton>
  )
}

function Cards<Row>({ columns, rows, rowKey, name }: Shown<Row>) {
  const title = columns.find(({ isTitle }) => isTitle)
  const others = columns.filter((column) => column !== title)
  return (
    <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label={name}>
      {rows.map((row) => (
        <Paper component="li" withBorder p="md" key={rowKey(row)}>
          {title && (
            <Box fw={600} mb="xs">
              {title.cell(row)}
            </Box>
          )}
          <Stack gap={6}>
            {factsOf(row, others).map(({ column, content }) => (
              <Group key={column.id} gap="sm" justify="space-between" align="baseline" wrap="nowrap">
                {column.hidesLabel ? null : (
                  <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>
                    {column.header}
                  </Text>
                )}
                <Box
                  fz="sm"
                  ta={column.hidesLabel ? 'left' : 'right'}
                  miw={0}
                  style={{ overflowWrap: 'anywhere' }}
                >
                  {content}
                </Box>
              </Group>
            ))}
          </Stack>
        </Paper>
      ))}
    </Stack>
  )
}

/** What a card has no value for, it leaves out. */
function factsOf<Row>(row: Row, columns: DataColumn<Row>[]) {
  return columns
    .map((column) => ({ column, content: column.cell(row) }))
    .filter(({ content }) => content !== null && content !== undefined && content !== false)
}

/** For lists that are no tables, too. */
export function Paging({ nextCursor, isEmpty }: { nextCursor: string | null; isEmpty: boolean }) {
  const { isFirst, page, next, previous } = usePaging()
  if (isFirst && nextCursor === null) return null
  return (
    <Group component="nav" aria-label="Pages of the list" justify="space-between">
      <Button variant="default" size="xs" disabled={isFirst} onClick={previous}>
        {page > 1 || isFirst ? 'Previous' : 'First page'}
      </Button>
      <Text size="sm" c="dimmed" role="status">
        {isEmpty ? 'Nothing further' : page > 1 ? `Page ${page}` : ''}
      </Text>
      <Button
        variant="default"
        size="xs"
        disabled={nextCursor === null}
        onClick={() => nextCursor !== null && next(nextCursor)}
      >
        Next
      </Button>
    </Group>
  )
}

export function LoadingRows({ name }: { name: string }) {
  return (
    <Stack gap="xs" role="status">
      <VisuallyHidden>{name}: loading</VisuallyHidden>
      {[1, 2, 3, 4, 5].map((line) => (
        <Skeleton key={line} height={34} />
      ))}
    </Stack>
  )
}
