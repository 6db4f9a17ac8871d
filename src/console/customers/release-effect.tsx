/** What a release would do, campaign by campaign, and the button that does it. */

import { Alert, Button, Stack, Text } from '@mantine/core'
import type { CampaignEffect } from '../../contract/campaign.ts'
import { CampaignEffects } from '../campaigns/campaign-effects.tsx'
import { numberText } from '../shared/figure.tsx'

export type Shown = {
  customers: number
  mayBeMailed: number
  campaigns: CampaignEffect[]
  /** Of a plan. */
  aDay?: number
  days?: number
}

export function ReleaseEffect(props: { shown: Shown; release: () => void; isBusy: boolean }) {
  const { customers, mayBeMailed, campaigns, aDay, days } = props.shown
  if (customers === 0) {
    return (
      <Alert color="gray" role="status" title="There is nobody to release">
        All of them were released before, or there are none.
      </Alert>
    )
  }
  const isPlan = aDay !== undefined && days !== undefined
  return (
    <Alert
      color="orange"
      role="status"
      title={
        isPlan
          ? `${people(customers)} would be released within ${numberText(days)} ${days === 1 ? 'day' : 'days'}`
          : `${people(customers)} would be released`
      }
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {numberText(mayBeMailed)} of them may be mailed. Once released they count as New customers:
          scheduled e-mail campaigns for New customers will include those who may be mailed.
        </Text>
        <CampaignEffects effects={campaigns} of="release" />
        <Button onClick={props.release} loading={props.isBusy}>
          {isPlan ? `Release ${numberText(Math.min(aDay, customers))} a day` : `Release ${people(customers)}`}
        </Button>
      </Stack>
    </Alert>
  )
}

export function people(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'customer' : 'customers'}`
}

/** `all`, `pull 12` and so on, as they stand in a list. */
export function whomWords(whom: string): string {
  return whom === 'all' ? 'All who waited' : `${whom.charAt(0).toUpperCase()}${whom.slice(1)}`
}
