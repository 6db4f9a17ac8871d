/** A few customers of a definition, to see whether it finds whom it should. */

import { Button, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { customerName } from '../customers/customer-words.tsx'
import { DataTable, wholeList } from '../shared/data-table.tsx'
import { dayText } from '../shared/day-text.ts'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { useWinery } from '../winery.tsx'
import { type Asked, sampleSize, sampling } from './asking.ts'

/** Each takes a card of its own there. */
const shownNarrow = 4

/** @param explain shows why that customer is in */
export function Sample(props: {
  asked: Asked | null
  matching: number
  explain: (customerId: string) => void
}) {
  const { winery } = useWinery()
  const list = useQuery(sampling(winery, props.asked))
  const isNarrow = useMediaQuery('(max-width: 48em)', window.innerWidth < 768, {
    getInitialValueInEffect: false,
  })
  if (props.asked === null)
    return <Text size="sm">There is nothing to show before the conditions are right.</Text>
  const items = list.data?.items.slice(0, isNarrow ? shownNarrow : sampleSize)
  const shown = items?.length ?? 0
  return (
    <>
      {props.matching > shown && shown > 0 && (
        <Text size="sm" c="dimmed">
          {shown} of {numberText(props.matching)}
        </Text>
      )}
      <DataTable
        name="Sample of customers"
        list={wholeList({ ...list, data: items && { items }, refetch: list.refetch })}
        rowKey={({ customerId }) => customerId}
        isWhole
        columns={[
          {
            id: 'name',
            header: 'Name',
            isTitle: true,
            cell: (row) => (
              <TextLink
                to="/wineries/$winery/customers/$customer"
                params={{ winery, customer: row.customerId }}
                target="_blank"
              >
                {customerName(row)}
              </TextLink>
            ),
          },
          { id: 'email', header: 'E-mail address', cell: ({ email }) => email ?? '—' },
          { id: 'visits', header: 'Visits', align: 'right', cell: ({ visits }) => numberText(visits) },
          {
            id: 'last',
            header: 'Last visit',
            cell: ({ lastVisitOn }) =>
              lastVisitOn === null ? '—' : dayText(lastVisitOn, { weekday: undefined }),
          },
          { id: 'mail', header: 'May be mailed', cell: ({ mayMail }) => (mayMail ? 'Yes' : 'No') },
          {
            id: 'why',
            header: 'Explained',
            hidesLabel: true,
            cell: (row) => (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => props.explain(row.customerId)}
                aria-label={`Why is ${customerName(row)} in it?`}
              >
                Why?
              </Button>
            ),
          },
        ]}
        empty={<Text size="sm">Nobody matches.</Text>}
      />
    </>
  )
}
