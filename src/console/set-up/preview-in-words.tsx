/** The numbers of a preview, in sentences; first of all how many new customers campaigns would reach. */

import { Alert, List, Stack, Text } from '@mantine/core'
import { ExclamationTriangleIcon } from '@radix-ui/react-icons'
import type { z } from 'zod'
import type { pullSchema } from '../../contract/api/pull.ts'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

export function PreviewInWords({ preview }: { preview: z.output<typeof pullSchema> }) {
  const { timeZone } = useWinery()
  const { reservations, guests, customers, experiences } = preview
  return (
    <Stack gap="md">
      <List spacing={4}>
        <List.Item>
          {numberText(reservations.inSnapshot)} reservations are in Tock, {numberText(reservations.added)}{' '}
          would be added.
          {reservations.excluded > 0 &&
            ` ${numberText(reservations.excluded)} are take-out and delivery: orders, which are not kept.`}
        </List.Item>
        <List.Item>{numberText(customers.matched)} guests are customers already.</List.Item>
        <List.Item>
          {numberText(customers.created)} would become customers: guests in Tock, also those without a
          reservation.
        </List.Item>
        <List.Item>
          {numberText(guests.withoutEmail)} have no e-mail address: their reservations are kept without a
          customer.
        </List.Item>
        <List.Item>
          {numberText(experiences.new)} Tock experiences would come into the list, to be mapped.
        </List.Item>
        <List.Item>
          {numberText(reservations.exceptions + customers.doubtful)} would wait for a decision of yours,
          afterwards.
        </List.Item>
      </List>
      {customers.created > 0 && (
        <Alert
          color="orange"
          icon={<ExclamationTriangleIcon />}
          title={`${numberText(customers.created)} new customers, and your campaigns for New customers`}
        >
          Scheduled e-mail campaigns for New customers would write to those of them who may be mailed. So they
          stay not released for marketing until somebody of the winery releases them: look through these
          campaigns first.
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        Preview of <When at={preview.finishedAt} zone={timeZone} />.{' '}
        <TextLink
          to="/wineries/$winery/initial-pull"
          params={{ winery: preview.winery }}
          search={{ brand: preview.brand }}
        >
          Everything that it found
        </TextLink>
      </Text>
    </Stack>
  )
}
