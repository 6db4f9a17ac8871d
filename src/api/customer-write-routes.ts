/** What can be done to customers: opt out and in, import; tell or erase a person. */

import { z } from 'zod'
import { erasureHash } from '../access/erasure-hash.ts'
import { customerParams } from '../contract/api/customer.ts'
import {
  erasing,
  erasureReceiptSchema,
  importedSchema,
  optedOutSchema,
  optingOut,
  personAsked,
  personExportSchema,
  reasonGiven,
} from '../contract/api/customer-writes.ts'
import { wineryParams } from '../contract/api/parts.ts'
import { erasePerson } from '../crm/customers-erase.ts'
import { importCustomers } from '../crm/customers-import.ts'
import { optInCustomer } from '../crm/customers-opt-in.ts'
import { optOutCustomerById, optOutCustomers } from '../crm/customers-opt-out.ts'
import { seesCustomer } from '../crm/customers-search.ts'
import { exportPerson } from '../crm/export-person.ts'
import { decodeTable } from '../crm/read-table-file.ts'
import { viewerOf } from './customer-routes.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'
import { csvFile, takeCsvFiles } from './uploaded-file.ts'

const largestFileBytes = 64 * 1024 * 1024
const mostAddressesBytes = 2 * 1024 * 1024

export function addCustomerWriteRoutes(api: Api, { database, secrets, clock }: Parts): void {
  const { db } = database
  const hasher = async () => {
    const key = await secrets.erasureKey()
    return (what: 'email' | 'patron', value: string) => erasureHash(key, what, value)
  }

  api.post(
    '/wineries/:winery/customers/opt-out',
    {
      config: { action: 'customers.opt-out', wholeWinery: true },
      bodyLimit: mostAddressesBytes,
      schema: {
        tags: ['customers'],
        operationId: 'optOutAddresses',
        summary: 'Opt all customers with these addresses out of e-mail, at once',
        params: wineryParams,
        body: optingOut,
        response: { 200: optedOutSchema },
      },
    },
    ({ winery, body, principal }) =>
      optOutCustomers(
        { db, wineryId: winery.winery_id, actor: principal, why: body.why },
        body.addresses.map((address, index) => ({ line: index + 1, address })),
      ),
  )

  api.post(
    '/wineries/:winery/customers/:customer/opt-out',
    {
      config: { action: 'customers.opt-out' },
      schema: {
        tags: ['customers'],
        operationId: 'optOutCustomer',
        summary: 'Opt a customer out of e-mail, at once',
        params: customerParams,
        body: reasonGiven,
        response: { 200: z.object({ optedOut: z.boolean().describe('false: was out before') }) },
      },
    },
    async (request) => {
      const { winery, params, body, principal } = request
      const wineryId = winery.winery_id
      if (!(await seesCustomer(db, wineryId, viewerOf(request), params.customer))) throw notThere()
      return optOutCustomerById({ db, wineryId, actor: principal, why: body.why }, params.customer)
    },
  )

  api.post(
    '/wineries/:winery/customers/:customer/opt-in',
    {
      config: { action: 'customers.opt-in', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'optInCustomer',
        summary: 'Opt a customer in to e-mail again, because they asked for it',
        params: customerParams,
        body: reasonGiven,
        response: { 200: z.object({ optedIn: z.boolean().describe('false: was in before') }) },
      },
    },
    async (request) => {
      const { winery, params, body, principal } = request
      const wineryId = winery.winery_id
      if (!(await seesCustomer(db, wineryId, viewerOf(request), params.customer))) throw notThere()
      return optInCustomer({ db, wineryId, actor: principal, why: body.why }, params.customer)
    },
  )

  takeCsvFiles(api)
  api.post(
    '/wineries/:winery/customers/import',
    {
      config: { action: 'customers.import', wholeWinery: true },
      bodyLimit: largestFileBytes,
      schema: {
        tags: ['customers'],
        operationId: 'importCustomers',
        summary: "Bring in or update customers from a CSV file of eCELLAR's",
        consumes: ['text/csv'],
        params: wineryParams,
        body: csvFile,
        response: { 200: importedSchema },
      },
    },
    async ({ winery, body, principal }) =>
      importCustomers({ database, winery, actor: principal, hash: await hasher() }, decodeTable(body.bytes)),
  )

  api.post(
    '/wineries/:winery/people/export',
    {
      config: { action: 'customers.export-person', wholeWinery: true, keepsNoAnswer: true },
      schema: {
        tags: ['customers'],
        operationId: 'exportPerson',
        summary: 'Everything that is kept of one person, for the person who asks for it',
        params: wineryParams,
        body: personAsked,
        response: { 200: personExportSchema },
      },
    },
    ({ winery, body, principal }) =>
      exportPerson({ db, wineryId: winery.winery_id, actor: principal, now: clock() }, whoOf(body)),
  )

  api.post(
    '/wineries/:winery/people/erase',
    {
      config: { action: 'customers.erase', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'erasePerson',
        summary: 'Erase a person for good; the receipt says what was found',
        params: wineryParams,
        body: erasing,
        response: { 200: erasureReceiptSchema },
      },
    },
    async ({ winery, body, principal }) =>
      erasePerson({ db, wineryId: winery.winery_id, actor: principal, hash: await hasher() }, whoOf(body)),
  )
}

function whoOf(body: { email?: string | undefined; customerId?: string | undefined }) {
  return body.email === undefined ? { customerId: body.customerId ?? '' } : { email: body.email }
}
