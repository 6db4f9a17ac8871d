/** The instructions for mapping, for whoever at the winery does it. */

import { List, Stack, Text, Title } from '@mantine/core'
import { ButtonLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { useWinery } from '../winery.tsx'

export function HowToMapPage() {
  const { winery } = useWinery()
  return (
    <Page
      title="How to map"
      intro="Tock and eCELLAR have different words for what a guest books and where it takes place. You say once which belong together."
    >
      <Stack gap="sm" maw="46rem">
        <Title order={2}>Experiences</Title>
        <List type="ordered" spacing="xs">
          <List.Item>
            Open the Tock Experiences List. What is not mapped yet stands first, the most booked on top.
          </List.Item>
          <List.Item>
            Choose <b>Map</b>, then a reservation type of eCELLAR. Similar names are offered. One that is
            missing you write, and tick that it is to be created.
          </List.Item>
          <List.Item>
            Read how many reservations it touches: past ones get the reservation type too, at once.
          </List.Item>
          <List.Item>
            Several experiences can be the same reservation type: choose them all, then <b>Map the chosen</b>.
          </List.Item>
          <List.Item>
            What is no visit (a virtual tasting, staff, a deposit) is mapped to a reservation type that you
            mark so. It then counts as no visit of a guest.
          </List.Item>
          <List.Item>
            What you do not need, you <b>ignore</b>. Its reservations are kept all the same.
          </List.Item>
          <List.Item>
            Anything can be undone: <b>Change</b>, <b>Take off</b>, <b>Put back</b>.
          </List.Item>
        </List>
        <Text>
          Nothing waits for you meanwhile: pulls bring reservations whether they are mapped or not. When Tock
          gets a new experience, it appears on the list after the next pull.
        </Text>
        <div>
          <ButtonLink to="/wineries/$winery/experiences" params={{ winery }}>
            To the Tock Experiences List
          </ButtonLink>
        </div>
        <Title order={2} id="locations" mt="md">
          Locations
        </Title>
        <List type="ordered" spacing="xs">
          <List.Item>
            Set the default first: the location of everything that has none of its own. For many wineries that
            is all.
          </List.Item>
          <List.Item>Where a seating area is another location, map that area to it.</List.Item>
          <List.Item>
            <b>Take off</b> gives an area the default again.
          </List.Item>
        </List>
        <div>
          <ButtonLink to="/wineries/$winery/locations" params={{ winery }}>
            To the locations
          </ButtonLink>
        </div>
      </Stack>
    </Page>
  )
}
