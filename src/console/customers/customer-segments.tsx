/** In which of the saved segments a customer is, and the way to why. */

import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { customersSegmentsSchema } from '../../contract/api/segment-choices.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { TextLink } from '../shared/links.tsx'
import { Section } from '../shared/section.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'

export function CustomerSegments({ customerId }: { customerId: string }) {
  const { winery, may, me } = useWinery()
  // Segments are over all brands.
  const isForMe = may('segments.read') && me.brands === null
  const { data, error, refetch } = useQuery({
    ...reading(at`/wineries/${winery}/customers/${customerId}/segments`, customersSegmentsSchema),
    enabled: isForMe,
  })
  if (!isForMe) return null
  const isIn = data?.items.filter(({ isMember }) => isMember) ?? []
  const others = data?.items.filter(({ isMember }) => isMember === false) ?? []
  const link = ({ segmentId, name }: { segmentId: string; name: string }) => (
    <TextLink
      key={segmentId}
      size="sm"
      to="/wineries/$winery/segments/$segment"
      params={{ winery, segment: segmentId }}
      search={{ explain: customerId }}
    >
      {name}
    </TextLink>
  )
  return (
    <Section title="Segments" intro="Each leads to why.">
      <TroubleNotice error={error} again={refetch} />
      {data && (
        <Stack gap={4} align="flex-start">
          {data.items.length === 0 && <Text size="sm">No segment is saved yet.</Text>}
          {data.items.length > 0 && isIn.length === 0 && (
            <Text size="sm">In none of the saved segments.</Text>
          )}
          {isIn.map(link)}
          {others.length > 0 && (
            <details>
              <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
                Not in {others.length}
                {isIn.length > 0 && (others.length === 1 ? ' other' : ' others')}
              </Text>
              <Stack gap={4} align="flex-start" mt={4}>
                {others.map(link)}
              </Stack>
            </details>
          )}
        </Stack>
      )}
    </Section>
  )
}
