/** One reservation: what is kept of it, and how it changed. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { reservationSchema } from '../../contract/api/reservation.ts'
import { walkInExperience } from '../../contract/vocabulary.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { ChangeList } from '../shared/change-list.tsx'
import { Facts } from '../shared/facts.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { PageToCome } from '../shared/page-to-come.tsx'
import { ReservationStatus } from '../shared/reservation-status.tsx'
import { Section } from '../shared/section.tsx'
import { LocalTime, When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import type { Reservation } from './reservation-columns.tsx'

export function ReservationPage() {
  const { winery, timeZone, brands, hasSeveralBrands } = useWinery()
  const { brand, reservation: key } = useParams({ strict: false }) as { brand: string; reservation: string }
  const path = at`/wineries/${winery}/brands/${brand}/reservations/${key}`
  const { data: one, error, refetch } = useQuery(reading(path, reservationSchema))
  if (error || !one) return <PageToCome title="Reservation" error={error} again={refetch} />
  return (
    <Page
      title={one.partyName ?? 'Reservation'}
      intro={<LocalTime local={one.localStart} zone={one.timeZone} at={one.startsAt} />}
    >
      <GuestPrivacy />
      <ReservationStatus status={one.status} missingSince={one.missingSince} />
      <Section title="The reservation">
        <Facts
          columns={3}
          facts={[
            hasSeveralBrands && {
              label: 'Brand',
              value: brands.find((known) => known.brand === brand)?.name ?? brand,
            },
            { label: 'Party size', value: one.partySize },
            { label: 'Reservation type', value: one.reservationType ?? 'Not mapped' },
            {
              label: 'Experience of Tock',
              value: one.experienceId === walkInExperience ? 'Walk-in' : (one.experience ?? one.experienceId),
            },
            { label: 'Location', value: one.location ?? 'Not mapped' },
            { label: 'Seating area of Tock', value: one.seatingArea },
            { label: 'Counts as a visit', value: one.isVisit ? 'Yes' : 'No' },
            { label: "Tock's state", value: one.tockState },
            { label: "Tock's number", value: one.tockKey },
            { label: 'Time zone of the place', value: one.timeZone },
            { label: 'Booked', value: <When at={one.tockCreatedAt} zone={timeZone} /> },
            one.missingSince !== null && {
              label: 'No longer in Tock since',
              value: <When at={one.missingSince} zone={timeZone} />,
            },
          ]}
        />
        <div>
          <Text size="sm" c="dimmed">
            Notes
          </Text>
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{one.notes || '—'}</Text>
        </div>
      </Section>
      <Section title="The guest">
        <Facts columns={3} facts={guestFacts(one, winery)} />
      </Section>
      <Section title="Changes" intro="What pulls changed of it. The latest first.">
        <ChangeList path={`${path}/changes`} nothing="Nothing was changed since it was first pulled." />
      </Section>
    </Page>
  )
}

function guestFacts(one: Reservation, winery: string) {
  return [
    { label: 'Name', value: [one.guestFirstName, one.guestLastName].filter(Boolean).join(' ') },
    { label: 'E-mail address at Tock', value: one.guestEmail },
    {
      label: 'Customer',
      value:
        one.customerId === null ? (
          'None is linked'
        ) : (
          <TextLink to="/wineries/$winery/customers/$customer" params={{ winery, customer: one.customerId }}>
            {one.customerEmail ?? `Customer ${one.customerId}`}
          </TextLink>
        ),
    },
  ]
}
