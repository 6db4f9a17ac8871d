/** Below the builder: a sample of those who match, and why anybody is in or out. */

import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { Section } from '../shared/section.tsx'
import { useWinery } from '../winery.tsx'
import { type Asked, counting } from './asking.ts'
import { ExplainPanel } from './explain-panel.tsx'
import { Sample } from './sample.tsx'

export function BuilderPeople({ asked, explained }: { asked: Asked | null; explained?: string | undefined }) {
  const { winery } = useWinery()
  const [customer, setCustomer] = useState(explained)
  const why = useRef<HTMLDivElement>(null)
  const count = useQuery(counting(winery, asked))
  return (
    <>
      <Section title="Sample">
        <GuestPrivacy />
        <Sample
          asked={asked}
          matching={count.data?.matching ?? 0}
          explain={(one) => {
            setCustomer(one)
            why.current?.focus()
          }}
        />
      </Section>
      <div ref={why} tabIndex={-1} style={{ outline: 'none' }}>
        <Section title="Why is somebody in it or not?" intro="Any customer, condition by condition.">
          <ExplainPanel asked={asked} customer={customer} choose={setCustomer} />
        </Section>
      </div>
    </>
  )
}
