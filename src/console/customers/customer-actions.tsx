/** What can be done with one customer: release, opt out, opt in again, the person's data, erase. */

import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { z } from 'zod'
import { erasureReceiptSchema, personExportSchema } from '../../contract/api/customer-writes.ts'
import { releasedSchema } from '../../contract/api/release.ts'
import { ask, at } from '../ask.ts'
import { useWriting } from '../reading.ts'
import { ConfirmDialog } from '../shared/confirm-dialog.tsx'
import { ReasonDialog } from '../shared/reason-dialog.tsx'
import { saveJson } from '../shared/save-file.ts'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useWinery } from '../winery.tsx'
import type { Card } from './customer-page.tsx'
import { customerName } from './customer-words.tsx'
import type { Receipt } from './erasure-receipt.tsx'

type Asked = 'release' | 'opt out' | 'opt in' | 'erase' | null

export function CustomerActions({ card, erased }: { card: Card; erased: (receipt: Receipt) => void }) {
  const { winery, may, me } = useWinery()
  const [asked, setAsked] = useState<Asked>(null)
  const close = () => setAsked(null)
  const isForAll = me.brands === null
  const { customerId } = card
  const here = at`/wineries/${winery}/customers/${customerId}`
  const people = at`/wineries/${winery}/people`

  const release = useWriting((email: string) =>
    ask('POST', at`/wineries/${winery}/releases`, releasedSchema, {
      body: { whom: { kind: 'address', email } },
    }),
  )
  const exporting = useWriting(() =>
    ask('POST', `${people}/export`, personExportSchema, { body: { customerId } }),
  )
  const erase = useWriting(() =>
    ask('POST', `${people}/erase`, erasureReceiptSchema, { body: { customerId, confirm: 'erase' } }),
  )
  const offers = {
    release: isForAll && may('customers.release') && card.releasedAt === null && card.email !== null,
    optOut: may('customers.opt-out') && card.emailConsent !== 'out',
    optIn: isForAll && may('customers.opt-in') && card.emailConsent !== 'in',
    export: isForAll && may('customers.export-person'),
    erase: isForAll && may('customers.erase'),
  }
  if (!Object.values(offers).some(Boolean)) return null
  return (
    <>
      <Group gap="sm" role="group" aria-label="What can be done">
        {offers.release && <Button onClick={() => setAsked('release')}>Release for marketing</Button>}
        {offers.optOut && (
          <Button variant="default" onClick={() => setAsked('opt out')}>
            Opt out of e-mail
          </Button>
        )}
        {offers.optIn && (
          <Button variant="default" onClick={() => setAsked('opt in')}>
            Opt in {card.emailConsent === 'out' ? 'again' : 'to e-mail'}
          </Button>
        )}
        {offers.export && (
          <Button
            variant="default"
            loading={exporting.isPending}
            onClick={() =>
              exporting.mutate(undefined, {
                onSuccess: (found) => saveJson(`customer-${customerId}.json`, found),
              })
            }
          >
            Save all that is kept
          </Button>
        )}
        {offers.erase && (
          <Button variant="outline" color="red" onClick={() => setAsked('erase')}>
            Erase
          </Button>
        )}
      </Group>
      <TroubleNotice error={exporting.error} />
      <ConfirmDialog
        opened={asked === 'release'}
        close={close}
        title="Release for marketing"
        action="Release"
        isBusy={release.isPending}
        error={release.error}
        confirm={() =>
          release.mutate(card.email ?? '', {
            onSuccess: ({ released }) => {
              close()
              notifications.show({
                message: `${released === 1 ? '1 customer' : `${released} customers`} released`,
              })
            },
          })
        }
      >
        <Text>
          {customerName(card)} counts as a New customer from then on: scheduled campaigns for New customers
          include whoever may be mailed.
        </Text>
      </ConfirmDialog>
      <ReasonDialog
        opened={asked === 'opt out'}
        close={close}
        title="Opt out of e-mail"
        action="Opt out"
        submit={(why) =>
          ask('POST', `${here}/opt-out`, z.object({ optedOut: z.boolean() }), { body: { why } })
        }
        done={() => notifications.show({ message: 'Opted out of e-mail' })}
      >
        <Text size="sm">At once, in all lists and exports. Tock is not told.</Text>
      </ReasonDialog>
      <ReasonDialog
        opened={asked === 'opt in'}
        close={close}
        title="Opt in to e-mail"
        action="Opt in"
        submit={(why) => ask('POST', `${here}/opt-in`, z.object({ optedIn: z.boolean() }), { body: { why } })}
        done={() => notifications.show({ message: 'Opted in to e-mail' })}
      >
        <Text size="sm">Only because the customer asked for it: say how, and when.</Text>
      </ReasonDialog>
      <ConfirmDialog
        opened={asked === 'erase'}
        close={close}
        title="Erase this person for good?"
        action="Erase for good"
        isDangerous
        word="erase"
        isBusy={erase.isPending}
        error={erase.error}
        confirm={() => erase.mutate(undefined, { onSuccess: erased })}
      >
        <Text>
          The person goes from customers, reservations, history, lists and export files. Reservations stay,
          counted, without the person. No pull and no import brings the person back. It cannot be undone.
        </Text>
        <Text size="sm">Where the person has asked for their data as well, save it first.</Text>
      </ConfirmDialog>
    </>
  )
}
