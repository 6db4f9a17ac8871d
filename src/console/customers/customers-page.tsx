/** Customers of all brands: searched, filtered, and the ways to release, opt out, import. */

import { Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { customersPage } from '../../contract/api/customer.ts'
import { emailConsents } from '../../contract/vocabulary.ts'
import { at } from '../ask.ts'
import { reading } from '../reading.ts'
import { BrandFilter } from '../shared/brand-filter.tsx'
import { DataTable } from '../shared/data-table.tsx'
import { dayText } from '../shared/day-text.ts'
import { EmptyState } from '../shared/empty-state.tsx'
import { numberText } from '../shared/figure.tsx'
import { FilterBar, SearchBox, SelectFilter } from '../shared/filter-bar.tsx'
import { GuestPrivacy } from '../shared/guest-privacy.tsx'
import { ButtonLink, TextLink } from '../shared/links.tsx'
import { Page } from '../shared/page.tsx'
import { DayOf } from '../shared/when.tsx'
import { useUrlSearch } from '../url-search.ts'
import { useWinery } from '../winery.tsx'
import { consentWords, customerName, originWords, Released } from './customer-words.tsx'
import { customersSearch, origins } from './customers-search.ts'

export function CustomersPage() {
  const { winery, timeZone, hasSeveralBrands } = useWinery()
  const [search, change] = useUrlSearch(customersSearch)
  const { q, sort = '-createdAt', ...filters } = search
  const query = { text: q, sort, limit: 50, ...filters }
  const list = useQuery({
    ...reading(at`/wineries/${winery}/customers`, customersPage, query),
    placeholderData: keepPreviousData,
  })
  const nothing = Object.fromEntries(Object.keys(customersSearch.shape).map((name) => [name, undefined]))
  const isFiltered = Object.entries(search).some(
    ([name, value]) => value && !['sort', 'cursor'].includes(name),
  )
  const total = list.data?.total ?? null
  return (
    <Page
      title="Customers"
      intro={`Everybody who is in the winery's customer base${hasSeveralBrands ? ', over all brands' : ''}.`}
      actions={<Actions />}
    >
      <GuestPrivacy />
      <FilterBar clear={isFiltered ? () => change(nothing) : undefined}>
        <SearchBox label="Name or e-mail address" value={q} change={(text) => change({ q: text })} />
        <SelectFilter
          label="Marketing"
          all="All"
          value={search.released}
          choices={[
            { value: 'true', label: 'Released' },
            { value: 'false', label: 'Not released' },
          ]}
          change={(released) => change({ released })}
        />
        <SelectFilter
          label="Origin"
          all="All"
          value={search.createdBy}
          choices={origins.map((value) => ({ value, label: originWords[value] }))}
          change={(createdBy) => change({ createdBy })}
        />
        <SelectFilter
          label="Consent"
          all="All"
          value={search.consent}
          choices={emailConsents.map((value) => ({ value, label: consentWords[value] }))}
          change={(consent) => change({ consent })}
        />
        <SelectFilter
          label="E-mail"
          all="All"
          value={search.mayMail}
          choices={[
            { value: 'true', label: 'May be mailed' },
            { value: 'false', label: 'Not to be mailed' },
          ]}
          change={(mayMail) => change({ mayMail })}
        />
        <BrandFilter value={search.brand} change={(brand) => change({ brand })} />
      </FilterBar>
      <AlsoFiltered search={search} />
      {total !== null && total > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {numberText(total)} {total === 1 ? 'customer' : 'customers'}
        </Text>
      )}
      <DataTable
        name="Customers"
        list={list}
        rowKey={({ customerId }) => customerId}
        sort={{ value: sort, change: (by) => change({ sort: by }) }}
        columns={[
          {
            id: 'name',
            header: 'Name',
            sort: 'name',
            isTitle: true,
            cell: (row) => (
              <TextLink
                to="/wineries/$winery/customers/$customer"
                params={{ winery, customer: row.customerId }}
              >
                {customerName(row)}
              </TextLink>
            ),
          },
          {
            id: 'email',
            header: 'E-mail address',
            sort: 'email',
            hidesLabel: true,
            cell: ({ email }) => email ?? 'No e-mail address',
          },
          {
            id: 'visits',
            header: 'Visits',
            align: 'right',
            cell: ({ visits }) => numberText(visits),
          },
          {
            id: 'last',
            header: 'Last visit',
            cell: ({ lastVisitOn }) =>
              lastVisitOn === null ? '—' : dayText(lastVisitOn, { weekday: undefined }),
          },
          {
            id: 'released',
            header: 'Marketing',
            cell: ({ releasedAt }) => (releasedAt === null ? <Released isReleased={false} /> : 'Released'),
          },
          { id: 'consent', header: 'Consent', cell: ({ emailConsent }) => consentWords[emailConsent] },
          { id: 'mail', header: 'May be mailed', cell: ({ mayMail }) => (mayMail ? 'Yes' : 'No') },
          { id: 'origin', header: 'Origin', cell: ({ createdBy }) => originWords[createdBy] },
          {
            id: 'created',
            header: 'Created',
            sort: 'createdAt',
            cell: ({ createdAt }) => <DayOf at={createdAt} zone={timeZone} />,
          },
        ]}
        empty={
          isFiltered ? (
            <EmptyState title="No customer is like this" next="Take a filter away, or search for less." />
          ) : (
            <EmptyState
              title="No customers yet"
              next="Import the customers of eCELLAR first, so that guests of Tock are recognised; then the initial pull brings in the others."
              action={<ImportLink />}
            />
          )
        }
      />
    </Page>
  )
}

function Actions() {
  const { winery, may, me } = useWinery()
  const isForAll = me.brands === null
  return (
    <>
      {isForAll && may('customers.release') && (
        <ButtonLink to="/wineries/$winery/customers/release" params={{ winery }}>
          Release for marketing
        </ButtonLink>
      )}
      {isForAll && may('customers.opt-out') && (
        <ButtonLink to="/wineries/$winery/customers/opt-out" params={{ winery }} variant="default">
          Opt out
        </ButtonLink>
      )}
      <ImportLink />
      {isForAll && may('customers.export-person') && (
        <ButtonLink to="/wineries/$winery/customers/person" params={{ winery }} variant="default">
          A person's data
        </ButtonLink>
      )}
    </>
  )
}

function ImportLink() {
  const { winery, may, me } = useWinery()
  if (me.brands !== null || !may('customers.import')) return null
  return (
    <ButtonLink to="/wineries/$winery/customers/import" params={{ winery }} variant="default">
      Import
    </ButtonLink>
  )
}

/** Filters that come with a link from elsewhere and have no field of their own. */
function AlsoFiltered({ search }: { search: Record<string, string | undefined> }) {
  const words = [
    search.createdInPull && `created in pull ${search.createdInPull}`,
    search.createdInImport && `created in import ${search.createdInImport}`,
    search.createdFrom && `created from ${dayText(search.createdFrom)}`,
    search.createdTo && `created until ${dayText(search.createdTo)}`,
    search.releasedFrom && `released from ${dayText(search.releasedFrom)}`,
    search.releasedTo && `released until ${dayText(search.releasedTo)}`,
    search.active && (search.active === 'true' ? 'active in eCELLAR' : 'not active in eCELLAR'),
  ].filter(Boolean)
  return words.length === 0 ? null : <Text size="sm">Only customers {words.join(', ')}.</Text>
}
