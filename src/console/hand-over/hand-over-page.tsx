/**
 * Behind the link that Support sends: the winery hands over its Tock key, sees what Tock calls its businesses, and
 * confirms. Nobody is signed in; the link is spent by submitting, and then its receipt opens the rest.
 */

import { Stepper } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { handOverForm, handOverState } from '../../contract/api/key.ts'
import { ask } from '../ask.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { useLinkToken } from '../sign-in/link-token.ts'
import { HandOverResult } from './hand-over-result.tsx'
import { KeyForm } from './key-form.tsx'

export function HandOverPage() {
  const token = useLinkToken()
  // A receipt (also one that was mailed) stands behind # as a link's token does: the server knows which it is.
  const [receipt, setReceipt] = useState<string | null>(null)
  const [isCorrecting, setCorrecting] = useState(false)
  const asked = useQuery({
    queryKey: ['hand-over', token],
    queryFn: () => openOrRead(token),
    enabled: token.length >= 20,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const opened = asked.data
  const current = receipt ?? (opened && 'state' in opened ? token : null)
  if (token.length < 20 || asked.error) {
    return (
      <Page title="This link is not good">
        <EmptyState
          title={asked.error?.message ?? 'This link is not whole.'}
          next={
            asked.error?.nextStep ?? 'Open it from the mail once more, or ask eCELLAR Support for a new one.'
          }
        />
      </Page>
    )
  }
  if (!opened) return <Loading />
  const isResult = current !== null && !isCorrecting
  const wineryName = 'state' in opened ? opened.state.wineryName : opened.form.wineryName
  return (
    <Page
      title={`Connect ${wineryName} to Tock`}
      intro="The key is kept sealed and used to read alone: nothing is ever written to Tock, and nothing is sent to a guest."
      key={isResult ? 'result' : 'form'}
    >
      <Stepper active={isResult ? 1 : 0} size="xs" iconSize={28} aria-label="Steps">
        <Stepper.Step label="Key and ids" />
        <Stepper.Step label="Check and confirm" />
      </Stepper>
      {isResult ? (
        <HandOverResult receipt={current} correct={() => setCorrecting(true)} />
      ) : (
        <KeyForm
          token={receipt ?? token}
          askedFor={
            'form' in opened
              ? opened.form
              : {
                  askedBy: null,
                  expiresAt: null,
                  brands: opened.state.brands.map((one) => ({ ...one, name: one.brandName })),
                }
          }
          submitted={(newReceipt) => {
            setReceipt(newReceipt)
            setCorrecting(false)
          }}
        />
      )}
    </Page>
  )
}

/** A link that waits to be submitted, or the receipt of one that was. */
async function openOrRead(token: string) {
  try {
    return { form: await ask('POST', '/hand-over/open', handOverForm, { body: { token } }) }
  } catch (error) {
    try {
      return { state: await ask('POST', '/hand-over/state', handOverState, { body: { receipt: token } }) }
    } catch {
      throw error
    }
  }
}
