/** Home of a winery: how the last night went, what waits for a person, what comes. */

import { Page } from '../shared/page.tsx'
import { useWinery } from '../winery.tsx'

export function HomePage() {
  const { name } = useWinery()
  return <Page title={name}>…</Page>
}
