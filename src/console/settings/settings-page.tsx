/** A page of the settings that shows them once they are read. */

import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { type Settings, useMayChange, useSettings } from './settings.ts'

export function SettingsPage(props: {
  title: string
  intro: ReactNode
  children: (settings: Settings) => ReactNode
}) {
  const { data, error, refetch } = useSettings()
  const mayChange = useMayChange()
  return (
    <Page title={props.title} intro={props.intro}>
      {!mayChange && (
        <Text size="sm" c="dimmed">
          You see these settings; the winery admin and Support change them.
        </Text>
      )}
      {data ? props.children(data) : error ? <TroubleNotice error={error} again={refetch} /> : <Loading />}
    </Page>
  )
}
