/** Why a customer is in a segment or not: condition by condition, with the reservations that decided. */

import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { customerCardSchema } from '../../contract/api/customer.ts'
import { at } from '../ask.ts'
import { customerName } from '../customers/customer-words.tsx'
import { reading } from '../reading.ts'
import { TextLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { type Asked, explaining } from './asking.ts'
import { CustomerFinder } from './customer-finder.tsx'
import { ExplanationTree } from './explanation-tree.tsx'
import { obstacleWords } from './segment-numbers.tsx'

export function ExplainPanel(props: {
  asked: Asked | null
  customer: string | undefined
  choose: (customerId: string | undefined) => void
}) {
  const { asked, customer, choose } = props
  return (
    <Stack gap="md">
      <CustomerFinder value={customer} choose={choose} />
      {asked === null && <Text size="sm">Finish the conditions first.</Text>}
      {asked !== null && customer !== undefined && <Explained asked={asked} customer={customer} />}
    </Stack>
  )
}

function Explained({ asked, customer }: { asked: Asked; customer: string }) {
  const { winery } = useWinery()
  const { data, error, refetch } = useQuery(explaining(winery, asked, customer))
  const card = useQuery(reading(at`/wineries/${winery}/customers/${customer}`, customerCardSchema))
  if (error) return <TroubleNotice error={error} again={refetch} />
  if (!data) return <Loading />
  const name = card.data ? customerName(card.data) : `Customer ${customer}`
  const obstacle = data.obstacle as keyof typeof obstacleWords | null
  return (
    <Stack gap="sm" role="region" aria-label={`Why: ${name}`} aria-live="polite">
      <Text>
        <TextLink to="/wineries/$winery/customers/$customer" params={{ winery, customer }}>
          {name}
        </TextLink>{' '}
        <StatusBadge look={data.isMember ? 'good' : 'plain'}>
          {data.isMember ? 'In the segment' : 'Not in the segment'}
        </StatusBadge>{' '}
        <StatusBadge look={data.mayMail ? 'good' : 'careful'}>
          {data.mayMail
            ? 'May be mailed'
            : `Not to be mailed: ${obstacle === null ? '' : obstacleWords[obstacle].toLowerCase()}`}
        </StatusBadge>
      </Text>
      <ExplanationTree why={data.why} />
    </Stack>
  )
}
