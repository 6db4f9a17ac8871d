/** Reservations two ways: as a list, and by day. */

import { PageTabs } from '../shared/page-tabs.tsx'
import { useWinery } from '../winery.tsx'

export function ReservationTabs() {
  const { winery } = useWinery()
  return (
    <PageTabs
      name="Ways to see reservations"
      params={{ winery }}
      tabs={[
        { label: 'List', to: '/wineries/$winery/reservations' },
        { label: 'By day', to: '/wineries/$winery/reservations/day' },
      ]}
    />
  )
}
