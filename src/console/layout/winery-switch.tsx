/** For Support: from one winery to another. */

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { winerySchema } from '../../contract/api/winery.ts'
import { readingAll } from '../reading.ts'

export function WinerySwitch() {
  const { winery } = useParams({ strict: false })
  const navigate = useNavigate()
  const { data } = useQuery(readingAll('/wineries', winerySchema))
  const choices = (data?.items ?? []).map(({ winery: value, name: label }) => ({ value, label }))
  return (
    <Select
      aria-label="Winery"
      placeholder="Winery"
      data={choices}
      value={winery ?? null}
      onChange={(slug) =>
        slug !== null && void navigate({ to: '/wineries/$winery', params: { winery: slug } })
      }
      searchable
      nothingFoundMessage="No winery of that name"
      w={{ base: 150, sm: 240 }}
      size="sm"
    />
  )
}
