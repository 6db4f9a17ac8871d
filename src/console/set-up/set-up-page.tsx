/** The way of a brand from nothing to nightly pulls, which Support and winery walk together. */

import { Alert, Button, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { nightlySchema } from '../../contract/api/brand.ts'
import { keyStatusSchema } from '../../contract/api/key.ts'
import { pageOf } from '../../contract/api/paging.ts'
import { confirmationSchema, pullSchema } from '../../contract/api/pull.ts'
import { settingsSchema } from '../../contract/api/settings.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { Loading } from '../shared/loading.tsx'
import { Page } from '../shared/page.tsx'
import { TroubleNotice } from '../shared/trouble-notice.tsx'
import { useUrlSearch } from '../url-search.ts'
import { type Brand, useWinery } from '../winery.tsx'
import { AddBrandDialog } from './add-brand-dialog.tsx'
import { AdminMissing } from './admin-missing.tsx'
import { nextStep, type SetUpFacts, stepsOf } from './set-up-state.ts'
import { SetUpSteps } from './set-up-steps.tsx'

export const setUpSearch = z.object({ brand: z.string().optional().catch(undefined) })

export function SetUpPage() {
  const { brands, may } = useWinery()
  const [search, change] = useUrlSearch(setUpSearch)
  const [isAdding, adding] = useDisclosure()
  const brand = brands.find((one) => one.brand === search.brand) ?? brands[0]
  const add = may('brands.write') && (
    <Button variant={brands.length === 0 ? 'filled' : 'default'} onClick={adding.open}>
      Add a brand
    </Button>
  )
  return (
    <Page
      title="Set-up"
      intro="Eight steps from nothing to a pull every night. Some are the winery's, some eCELLAR Support's."
      actions={add}
    >
      {brands.length > 1 && (
        <SegmentedControl
          aria-label="Brand"
          value={brand?.brand ?? ''}
          onChange={(code) => change({ brand: code })}
          data={brands.map(({ brand: value, name: label }) => ({ value, label }))}
          style={{ alignSelf: 'flex-start', flexWrap: 'wrap' }}
        />
      )}
      <AdminMissing />
      {brand ? (
        <BrandSetUp brand={brand} key={brand.brand} />
      ) : (
        <EmptyState
          title="No brand yet"
          next={
            may('brands.write')
              ? 'Add the first one: its name, its Brand Code, and its ids at Tock.'
              : "eCELLAR Support adds the winery's brands, with their ids at Tock."
          }
          action={add}
        />
      )}
      {may('brands.write') && <AddBrandDialog opened={isAdding} close={adding.close} />}
    </Page>
  )
}

function BrandSetUp({ brand }: { brand: Brand }) {
  const { winery, may, hasSeveralBrands } = useWinery()
  const keys = useQuery({
    ...reading(at`/wineries/${winery}/keys`, z.object({ items: z.array(keyStatusSchema) })),
    enabled: may('connection.test'),
  })
  const settings = useQuery(reading(at`/wineries/${winery}/settings`, settingsSchema))
  const previews = useQuery(
    reading(at`/wineries/${winery}/pulls`, pageOf(pullSchema), {
      brand: brand.brand,
      kind: 'preview',
      limit: 1,
    }),
  )
  const confirmation = useQuery(
    reading(
      at`/wineries/${winery}/brands/${brand.brand}/preview-confirmation`,
      z.object({ confirmation: confirmationSchema.nullable() }),
    ),
  )
  const nightly = useQuery(reading(at`/wineries/${winery}/brands/${brand.brand}/nightly`, nightlySchema))
  const all = [keys, settings, previews, confirmation, nightly]
  const failed = all.find(({ error, fetchStatus }) => error && fetchStatus === 'idle')
  if (failed) return <TroubleNotice error={failed.error} again={() => failed.refetch()} />
  if (!settings.data || !previews.data || !confirmation.data || !nightly.data) return <Loading />
  const facts: SetUpFacts = {
    brand,
    key: keys.data?.items.find((one) => one.brand === brand.brand),
    settings: settings.data,
    preview: previews.data.items[0],
    confirmation: confirmation.data.confirmation,
    nightly: nightly.data,
  }
  const steps = stepsOf(facts)
  const next = nextStep(steps)
  const turn = steps.find(({ name }) => name === next)
  const done = steps.filter(({ isDone }) => isDone).length
  return (
    <Stack gap="lg">
      {turn ? (
        <Alert color="blue" title={`${done} of ${steps.length} steps are done`} role="status">
          <Text size="sm">
            Next: {turn.title}.{' '}
            {turn.who === 'Either of you' ? 'Support or the winery does it.' : `${turn.who} is next.`}
          </Text>
        </Alert>
      ) : (
        <Alert color="green" title="All is set up" role="status">
          {hasSeveralBrands ? `${brand.name} is pulled every night.` : 'Tock is pulled every night.'}
        </Alert>
      )}
      <SetUpSteps facts={facts} steps={steps} next={next} />
    </Stack>
  )
}
