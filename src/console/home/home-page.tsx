/** Home of a winery: how the last night went, what waits for a person, what comes, and charts. */

import { SimpleGrid, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { homeSchema } from '../../contract/api/home.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { ButtonLink } from '../shared/links.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import { AlertList } from './alert-list.tsx'
import { ChartsOnDemand } from './charts-on-demand.tsx'
import { LastPulls } from './last-pulls.tsx'
import { UpcomingDays } from './upcoming-days.tsx'
import { WaitingForYou } from './waiting-for-you.tsx'

export function HomePage() {
  const { winery, name, brands, may } = useWinery()
  const home = useQuery(reading(at`/wineries/${winery}/home`, homeSchema))
  const isSetUp = brands.length > 0 && brands.every(({ enabledAt }) => enabledAt !== null)
  return (
    <Page
      title={name}
      intro="What Tock brought, what waits for somebody, and what comes."
      actions={
        !isSetUp &&
        may('connection.test') && (
          <ButtonLink to="/wineries/$winery/set-up" params={{ winery }}>
            Go on with the set-up
          </ButtonLink>
        )
      }
    >
      {home.error && <TroubleNotice error={home.error} again={() => home.refetch()} />}
      {home.isPending && <Loading />}
      {home.data && (
        <Stack gap="xl">
          <AlertList alerts={home.data.alerts} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="xl">
            <section aria-labelledby="last-pulls">
              <Title order={2} id="last-pulls" mb="sm">
                Last night
              </Title>
              <LastPulls brands={home.data.brands} />
            </section>
            <section aria-labelledby="waiting">
              <Title order={2} id="waiting" mb="sm">
                Waiting for a person
              </Title>
              <WaitingForYou waiting={home.data.waiting} />
            </section>
          </SimpleGrid>
          <section aria-labelledby="upcoming">
            <Title order={2} id="upcoming" mb="sm">
              The next seven days
            </Title>
            <UpcomingDays days={home.data.upcoming} />
          </section>
          {may('reservations.read') && <ChartsOnDemand />}
        </Stack>
      )}
    </Page>
  )
}
