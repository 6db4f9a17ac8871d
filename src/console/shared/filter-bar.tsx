/** Search and filters above a list. Each stands in the address; one button takes them all away. */

import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Cross2Icon, MagnifyingGlassIcon } from '@radix-ui/react-icons'
import { type ReactNode, useEffect, useState } from 'react'

export function FilterBar(props: { children: ReactNode; clear?: (() => void) | undefined }) {
  return (
    <Group gap="sm" align="flex-end" role="search">
      {props.children}
      {props.clear && (
        <Button variant="subtle" leftSection={<Cross2Icon />} onClick={props.clear}>
          Clear
        </Button>
      )}
    </Group>
  )
}

const typingMs = 300

export function SearchBox(props: {
  label: string
  value: string | undefined
  change: (value: string | undefined) => void
}) {
  const [text, setText] = useState(props.value ?? '')
  const tell = useDebouncedCallback(
    (value: string) => props.change(value === '' ? undefined : value),
    typingMs,
  )
  // The address changed by another way: back, or "Clear".
  useEffect(() => setText(props.value ?? ''), [props.value])
  return (
    <TextInput
      type="search"
      label={props.label}
      leftSection={<MagnifyingGlassIcon />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value)
        tell(value)
      }}
      w={{ base: '100%', xs: 260 }}
    />
  )
}

export function SelectFilter<Value extends string>(props: {
  label: string
  /** What no choice means: "All kinds". */
  all: string
  value: Value | undefined
  choices: readonly { value: Value; label: string }[]
  change: (value: Value | undefined) => void
}) {
  return (
    <Select
      label={props.label}
      placeholder={props.all}
      data={props.choices.map(({ value, label }) => ({ value, label }))}
      value={props.value ?? null}
      onChange={(value) => props.change((value ?? undefined) as Value | undefined)}
      clearable
      clearButtonProps={{ 'aria-label': `${props.label}: ${props.all}` }}
      w={{ base: 'calc(50% - 6px)', xs: 190 }}
    />
  )
}
