/** What needs a person, two ways: everything by cause, and the matches with both sides. */

import { PageTabs } from '../shared/page-tabs.tsx'
import { useWinery } from '../winery.tsx'

export function ExceptionsTabs() {
  const { winery } = useWinery()
  return (
    <PageTabs
      name="What needs a person"
      params={{ winery }}
      tabs={[
        { label: 'By cause', to: '/wineries/$winery/exceptions' },
        { label: 'Doubtful matches', to: '/wineries/$winery/doubtful-matches' },
      ]}
    />
  )
}
