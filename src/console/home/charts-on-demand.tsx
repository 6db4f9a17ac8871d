/** Charts are a third of a megabyte of script: loaded when somebody asks for them, and then each time on this device. */

import { Button, Title } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { Loading } from '../shared/loading.tsx'

const HomeCharts = lazy(() => import('./home-charts.tsx').then(({ HomeCharts }) => ({ default: HomeCharts })))

export function ChartsOnDemand() {
  const [isShown, setShown] = useLocalStorage({ key: 'charts', defaultValue: 'no' })
  return (
    <section aria-labelledby="charts">
      <Title order={2} id="charts" mb="sm">
        Charts
      </Title>
      {isShown === 'yes' ? (
        <Suspense fallback={<Loading />}>
          <HomeCharts />
        </Suspense>
      ) : (
        <Button variant="default" onClick={() => setShown('yes')}>
          Show charts
        </Button>
      )}
    </section>
  )
}
