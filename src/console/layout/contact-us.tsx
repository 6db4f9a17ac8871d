/** "Still need help? Contact us": the end of every page, with whom the settings name. */

import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { aboutSchema } from '../../contract/api/about.ts'
import { reading } from '../reading.ts'

export function ContactUs() {
  const { data } = useQuery({ ...reading('/about', aboutSchema), staleTime: Number.POSITIVE_INFINITY })
  const contact = data?.supportContact ?? 'eCELLAR Support'
  const [, address] = /([^\s<>()]+@[^\s<>()]+\.[^\s<>()]+)/.exec(contact) ?? []
  const [, page] = /(https?:\/\/[^\s<>()]+)/.exec(contact) ?? []
  const href = address ? `mailto:${address}` : page
  return (
    <Text component="footer" size="sm" c="dimmed">
      Still need help? {href ? <Anchor href={href}>Contact us</Anchor> : 'Contact us'}
      {href === contact || address === contact ? ` (${contact}).` : `: ${contact}.`}
    </Text>
  )
}
