/** A name of one of eCELLAR's lists: chosen, or a new one written, which is said. */

import { Autocomplete } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { listEntrySchema, type listSlugs } from '../../contract/api/settings.ts'
import { at } from '../ask.ts'
import { readingAll } from '../reading.ts'
import { useWinery } from '../winery.tsx'

type List = (typeof listSlugs)[number]
type Entry = z.output<typeof listEntrySchema>

export function useEntries(list: List): Entry[] | undefined {
  const { winery } = useWinery()
  return useQuery(readingAll(at`/wineries/${winery}/lists/${list}`, listEntrySchema)).data?.items
}

/** Not in the list yet: saving creates it. */
export function isNewName(entries: Entry[] | undefined, name: string): boolean {
  const wanted = name.trim().toLowerCase()
  return wanted !== '' && entries !== undefined && !entries.some((one) => one.name.toLowerCase() === wanted)
}

export function NameChoice(props: {
  list: List
  label: string
  placeholder?: string
  value: string
  change: (name: string) => void
  error: ReactNode
  isReadOnly: boolean
}) {
  const entries = useEntries(props.list)
  return (
    <Autocomplete
      label={props.label}
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      description={isNewName(entries, props.value) ? 'Not in the list yet: saving creates it' : null}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={(entries ?? []).map(({ name }) => name)}
      value={props.value}
      onChange={props.change}
      error={props.error}
      readOnly={props.isReadOnly}
      maxLength={200}
    />
  )
}
