/** A number that is a link to the rows it counts. */

import { Text } from '@mantine/core'
import type { LinkProps } from '@tanstack/react-router'
import { TextLink } from './links.tsx'

export function numberText(value: number): string {
  return value.toLocaleString('en-US')
}

/** @param what what is counted, for who hears the link alone: "changed reservations" */
export function Figure(props: {
  value: number
  what: string
  to?: NonNullable<LinkProps['to']>
  params?: Record<string, string>
  search?: Record<string, string | undefined>
}) {
  const { value, what, to, params, search } = props
  const text = numberText(value)
  // Nothing to look at behind a zero.
  if (to === undefined || value === 0) {
    return (
      <Text span inherit className="figure">
        {text}
      </Text>
    )
  }
  return (
    <TextLink
      to={to}
      params={(params ?? {}) as never}
      search={(search ?? {}) as never}
      className="figure"
      inherit
      aria-label={`${text} ${what}`}
    >
      {text}
    </TextLink>
  )
}
