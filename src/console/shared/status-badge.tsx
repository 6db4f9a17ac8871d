/** A state: its word, a colour and a sign, so that nobody needs the colour. */

import { Badge } from '@mantine/core'
import {
  CheckCircledIcon,
  CircleIcon,
  ClockIcon,
  CrossCircledIcon,
  ExclamationTriangleIcon,
  InfoCircledIcon,
} from '@radix-ui/react-icons'

const looks = {
  good: { color: 'green', Sign: CheckCircledIcon },
  waits: { color: 'yellow', Sign: ClockIcon },
  bad: { color: 'red', Sign: CrossCircledIcon },
  careful: { color: 'orange', Sign: ExclamationTriangleIcon },
  plain: { color: 'gray', Sign: CircleIcon },
  news: { color: 'blue', Sign: InfoCircledIcon },
} as const

export type Look = keyof typeof looks

export function StatusBadge({ look, children }: { look: Look; children: string }) {
  const { color, Sign } = looks[look]
  return (
    <Badge
      variant="outline"
      color={color}
      leftSection={<Sign aria-hidden />}
      tt="none"
      fw={600}
      // A word that is cut off says nothing.
      miw="max-content"
      // The colour is the frame's and the sign's; the word is as readable as any other.
      styles={{ label: { color: 'var(--mantine-color-text)' } }}
    >
      {children}
    </Badge>
  )
}
