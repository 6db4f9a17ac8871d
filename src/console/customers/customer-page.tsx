/** A customer's card: who it is, what may be done with the address, visits, where it comes from, Tock's guests. */

import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import { customerCardSchema } from '../../contract/api/customer.ts'
import type { erasureReceiptSchema } from '../../contract/api/customer-writes.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { dayText } from '../shared/day-text.ts'
import { Facts } from '../shared/facts.tsx'
import { Figure } from '../shared/figure.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { PageToCome } from '../shared/page-to-come.tsx'
import { Section } from '../shared/section.tsx'
import { StatusBadge } from '../shared/status-badge.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'
import { ConsentHistory } from './consent-history.tsx'
import { CustomerActions } from './customer-actions.tsx'
import { CustomerChanges } from './customer-changes.tsx'
import { CustomerSegments } from './customer-segments.tsx'
import { CustomerVisits } from './customer-visits.tsx'
import { Consent, customerName, MayMail, originWords, Released, whyNotMailed } from './customer-words.tsx'
import { ErasureReceipt } from './erasure-receipt.tsx'
import { LinkedGuests } from './linked-guests.tsx'

export type Card = z.output<typeof customerCardSchema>

export function CustomerPage() {
  const { winery } = useWinery()
  const { customer } = useParams({ strict: false }) as { customer: string }
  const [receipt, setReceipt] = useState<z.output<typeof erasureReceiptSchema> | null>(null)
  const { data, error, refetch } = useQuery(
    reading(at`/wineries/${winery}/customers/${customer}`, customerCardSchema),
  )
  if (receipt) {
    return (
      <Page title="The person was erased" key="erased">
        <ErasureReceipt receipt={receipt} />
        <div>
          <ButtonLink to="/wineries/$winery/customers" params={{ winery }}>
            All customers
          </ButtonLink>
        </div>
      </Page>
    )
  }
  // What an erasure takes away stays on the page until the receipt is there.
  if (!data) return <PageToCome title="Customer" error={error} again={refetch} />
  return <CustomerCard card={data} erased={setReceipt} />
}

function CustomerCard(props: {
  card: Card
  erased: (receipt: z.output<typeof erasureReceiptSchema>) => void
}) {
  const { card } = props
  const { winery, timeZone } = useWinery()
  return (
    <Page title={customerName(card)} intro={card.email ?? 'No e-mail address'}>
      <GuestPrivacy />
      <Group gap="xs">
        <Released isReleased={card.releasedAt !== null} />
        <Consent consent={card.emailConsent} />
        <MayMail mayMail={card.mayMail} />
        {card.bounced && <StatusBadge look="careful">Mail came back</StatusBadge>}
        {!card.active && <StatusBadge look="careful">Not active</StatusBadge>}
        {card.clubMember && <StatusBadge look="news">Club member</StatusBadge>}
      </Group>
      {!card.mayMail && <Text size="sm">Not to be mailed: {whyNotMailed(card)}</Text>}
      {card.samePersonAs !== null && (
        <Text size="sm">
          The same person as{' '}
          <TextLink
            size="sm"
            to="/wineries/$winery/customers/$customer"
            params={{ winery, customer: card.samePersonAs }}
          >
            customer {card.samePersonAs}
          </TextLink>
          , where the guests and reservations are.
        </Text>
      )}
      {card.asksMailAgainAt !== null && (
        <Text size="sm">
          Tock brought a yes on <When at={card.asksMailAgainAt} zone={timeZone} />, after a no. It was not
          applied: the winery admin decides.
        </Text>
      )}
      <CustomerActions card={card} erased={props.erased} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="lg">
          <Section title="Visits" intro={<VisitsIntro card={card} />}>
            <CustomerVisits customerId={card.customerId} />
          </Section>
        </Stack>
        <Stack gap="lg">
          <Section title="In eCELLAR">
            <Facts
              facts={[
                { label: 'eCELLAR Customer ID', value: card.ecellarCustomerId },
                { label: 'Customer Source', value: card.customerSource },
                { label: 'Customer Type', value: card.customerType },
                { label: 'Allocation Tier', value: card.allocationTier },
                card.tags.length > 0 && { label: 'Tags', value: card.tags.join(', ') },
                {
                  label: 'Released for marketing',
                  value:
                    card.releasedAt !== null ? (
                      <When at={card.releasedAt} zone={timeZone} />
                    ) : card.releaseDueAt !== null ? (
                      <>
                        Not yet; due on <When at={card.releaseDueAt} zone={timeZone} />
                      </>
                    ) : (
                      'Not yet'
                    ),
                },
              ]}
            />
          </Section>
          <Section title="Origin">
            <Facts facts={originFacts(card, winery, timeZone)} />
          </Section>
          <CustomerSegments customerId={card.customerId} />
          <LinkedGuests guests={card.guests} />
          <ConsentHistory card={card} />
          <CustomerChanges customerId={card.customerId} />
        </Stack>
      </SimpleGrid>
    </Page>
  )
}

function VisitsIntro({ card }: { card: Card }) {
  const { winery, brands, hasSeveralBrands } = useWinery()
  const nameOf = (code: string) => brands.find(({ brand }) => brand === code)?.name ?? code
  const days = card.visits === 1 ? 'visit' : 'visits'
  return (
    <>
      <Figure
        value={card.visits}
        what={days}
        to="/wineries/$winery/reservations"
        params={{ winery }}
        search={{ customer: card.customerId, visit: 'true' }}
      />{' '}
      {days}
      {card.visits > 0 && `, ${card.visitsAttended} of them seen to come`}.
      {card.firstVisitOn !== null && ` First on ${dayText(card.firstVisitOn)}.`}
      {card.nextVisitOn !== null && ` Next on ${dayText(card.nextVisitOn)}.`}
      {hasSeveralBrands &&
        card.brandVisits.length > 1 &&
        ` ${card.brandVisits.map(({ brand, visits }) => `${nameOf(brand)}: ${visits}`).join(' · ')}.`}
    </>
  )
}

function originFacts(card: Card, winery: string, zone: string) {
  const { pull, import: file, createdBy } = card.origin
  return [
    { label: 'Created', value: <When at={card.createdAt} zone={zone} /> },
    { label: 'By', value: originWords[createdBy] },
    pull !== null && {
      label: 'Pull',
      value: (
        <TextLink
          to="/wineries/$winery/customers"
          params={{ winery }}
          search={{ createdInPull: pull.pullId }}
        >
          {pull.kind === 'initial' ? 'Initial pull' : 'Pull'} {pull.pullId}
          {pull.brand !== null && ` of ${pull.brand}`}
        </TextLink>
      ),
    },
    file !== null && {
      label: 'Import',
      value: (
        <>
          <When at={file.importedAt} zone={zone} /> by {file.importedBy}
        </>
      ),
    },
  ]
}
