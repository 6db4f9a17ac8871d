/** Charts are a third of a megabyte of script: loaded when the page is scrolled to where they stand. */

import { Box, Title } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import { Loading } from '../shared/loading.tsx'

const HomeCharts = lazy(() => import('./home-charts.tsx').then(({ HomeCharts }) => ({ default: HomeCharts })))

export function ChartsOnDemand() {
  const { ref, entry } = useIntersection({ rootMargin: '200px' })
  const [wasNear, setNear] = useState(false)
  if (entry?.isIntersecting === true && !wasNear) setNear(true)
  return (
    <section aria-labelledby="charts" ref={ref}>
      <Title order={2} id="charts" mb="sm">
        Charts
      </Title>
      {/* Room for them from the beginning, so that the page does not jump. */}
      <Box mih={480}>
        {wasNear && (
          <Suspense fallback={<Loading />}>
            <HomeCharts />
          </Suspense>
        )}
      </Box>
    </section>
  )
}
