/** Finds one customer by name or e-mail address. */

import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { customersPage } from '../../contract/api/customer.ts'
import { at } from '../ask.ts'
import { customerName } from '../customers/customer-words.tsx'
import { reading } from '../reading.ts'
import { useWinery } from '../winery.tsx'

export function CustomerFinder(props: {
  value: string | undefined
  choose: (customerId: string | undefined) => void
}) {
  const { winery } = useWinery()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 300)
  const found = useQuery({
    ...reading(at`/wineries/${winery}/customers`, customersPage, { text: asked, limit: 20, sort: 'name' }),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  })
  const data = (found.data?.items ?? []).map((one) => ({
    value: one.customerId,
    label: [customerName(one), one.email].filter(Boolean).join(' · '),
  }))
  return (
    <Select
      label="Customer"
      placeholder="Name or e-mail address"
      data={data}
      value={data.some(({ value }) => value === props.value) ? (props.value ?? null) : null}
      onChange={(customer) => props.choose(customer ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose nobody' }}
      onSearchChange={setText}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={asked.length > 1 ? 'Nobody by this name or address' : 'Type at least two letters'}
      maw={420}
    />
  )
}
