/** "Still need help? Contact us": the end of every page, with whom the settings name. */

import { Anchor, Text } from '@mantine/core'
import { useAbout } from '../shared/about.ts'

export function ContactUs() {
  const contact = useAbout()?.supportContact ?? 'eCELLAR Support'
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
