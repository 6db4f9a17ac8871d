/** A page about one thing, before that is there or when it cannot be had. */

import { Loading } from './loading.tsx'
import { Page } from './page.tsx'
import { TroubleNotice } from './trouble-notice.tsx'

export function PageToCome(props: { title: string; error: unknown; again: () => unknown }) {
  return (
    <Page title={props.title}>
      {props.error ? <TroubleNotice error={props.error} again={() => void props.again()} /> : <Loading />}
    </Page>
  )
}
