/** What scheduled campaigns would do, before anybody decides: who would get their mail, new and old customers apart. */

import { Alert, List, Text } from '@mantine/core'
import { ExclamationTriangleIcon } from '@radix-ui/react-icons'
import type { CampaignEffect } from '../../contract/campaign.ts'
import { numberText } from '../shared/figure.tsx'
import { TextLink } from '../shared/links.tsx'
import { When } from '../shared/when.tsx'
import { useWinery } from '../winery.tsx'

export function CampaignEffects(props: {
  effects: CampaignEffect[]
  /** A pull brings history along, a release only those whom it releases. */
  of: 'pull' | 'release'
}) {
  const { winery, timeZone, me } = useWinery()
  const { effects, of } = props
  if (effects.length === 0) {
    return (
      <Text size="sm">
        No segment is marked as the audience of a scheduled campaign.{' '}
        {me.brands === null && (
          <TextLink to="/wineries/$winery/campaigns" params={{ winery }}>
            Mark them
          </TextLink>
        )}{' '}
        Then it is told here who would get which mail.
      </Text>
    )
  }
  const joins = effects.some((one) => one.newOnceReleased > 0 || one.existingMayMail > 0)
  const title = joins
    ? 'These scheduled campaigns would reach more people'
    : 'No scheduled campaign would reach more people'
  const list = (
    <List size="sm" spacing="xs">
      {effects.map((effect) => (
        <List.Item key={effect.segmentId}>
          <b>{effect.campaign}</b> (segment “{effect.segment}”
          {effect.campaignAt !== null && (
            <>
              , sent <When at={effect.campaignAt} zone={timeZone} />
            </>
          )}
          ): {words(effect, of)}
        </List.Item>
      ))}
    </List>
  )
  // A release tells it within its own warning.
  if (of === 'release') {
    return (
      <div>
        <Text size="sm" fw={600} mb={4}>
          {title}
        </Text>
        {list}
      </div>
    )
  }
  return (
    <Alert color={joins ? 'orange' : 'gray'} icon={<ExclamationTriangleIcon />} title={title}>
      {list}
    </Alert>
  )
}

function words(effect: CampaignEffect, of: 'pull' | 'release'): string {
  const { audience, newNow, newOnceReleased, existing, existingMayMail } = effect
  const parts = [
    `${numberText(audience)} get it today`,
    `${numberText(newOnceReleased)} newly imported would get it once released${newNow > 0 ? `, ${numberText(newNow)} of them at once` : ''}`,
    ...(of === 'pull'
      ? [
          existing === 0
            ? 'no existing customer would join because of imported history'
            : `${numberText(existing)} existing would join because of imported history, ${numberText(existingMayMail)} of whom may be mailed`,
        ]
      : []),
  ]
  return `${parts.join('; ')}.`
}
