/** Customers: the list, the card, a customer's reservations and history. */

import type { FastifyRequest } from 'fastify'
import {
  customerCardSchema,
  customerParams,
  customersPage,
  customersQuery,
  historyChangeSchema,
} from '../contract/api/customer.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import { listChanges } from '../crm/changes.ts'
import { readCustomerCard } from '../crm/customer-card.ts'
import {
  countCustomers,
  type ListedCustomer,
  searchCustomers,
  seesCustomer,
  type Viewer,
} from '../crm/customers-search.ts'
import { brandAsked, brandsSeen } from './authorize.ts'
import { seesGuests } from './mask-guests.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

/** What of customers and reservations whoever asks may see, and search for. */
export function viewerOf(request: FastifyRequest): Viewer {
  return { brandIds: brandsSeen(request), inFull: seesGuests(request) }
}

export function isYes(flag: 'true' | 'false' | undefined): boolean | undefined {
  return flag === undefined ? undefined : flag === 'true'
}

export function addCustomerRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/customers',
    {
      config: { action: 'customers.read' },
      schema: {
        tags: ['customers'],
        operationId: 'searchCustomers',
        summary: 'Customers, searched, filtered, sorted',
        params: wineryParams,
        querystring: customersQuery,
        response: { 200: customersPage },
      },
    },
    async (request) => {
      const { winery, query } = request
      const { limit: _, cursor, brand, sort, released, mayMail, active, ...same } = query
      const viewer = viewerOf(request)
      const filter = {
        ...same,
        released: isYes(released),
        mayMail: isYes(mayMail),
        active: isYes(active),
        brandIds: brand === undefined ? undefined : [(await brandAsked(request, db, brand)).brand_id],
      }
      const page = await pageOfList<ListedCustomer, string>(
        query,
        ['customers', winery.winery_id, viewer, filter, sort],
        { shape: idText, of: (row) => row.customerId },
        (after, limit) => searchCustomers(db, winery.winery_id, viewer, filter, { sort, after, limit }),
      )
      const total = cursor === undefined ? await countCustomers(db, winery.winery_id, viewer, filter) : null
      return { ...page, total }
    },
  )

  api.get(
    '/wineries/:winery/customers/:customer',
    {
      config: { action: 'customers.read' },
      schema: {
        tags: ['customers'],
        operationId: 'getCustomer',
        summary: 'Everything that is known of a customer',
        params: customerParams,
        response: { 200: customerCardSchema },
      },
    },
    async (request) => {
      const { winery, params } = request
      const card = await readCustomerCard(db, winery.winery_id, viewerOf(request), params.customer)
      if (!card) throw notThere()
      return card
    },
  )

  api.get(
    '/wineries/:winery/customers/:customer/changes',
    {
      config: { action: 'customers.read' },
      schema: {
        tags: ['customers'],
        operationId: 'listCustomerChanges',
        summary: 'What became of a customer, field by field, the latest first',
        params: customerParams,
        querystring: pageQuery,
        response: { 200: pageOf(historyChangeSchema) },
      },
    },
    async (request) => {
      const { winery, query, params } = request
      if (!(await seesCustomer(db, winery.winery_id, viewerOf(request), params.customer))) throw notThere()
      const of = { entity: 'customer', id: params.customer } as const
      return pageOfList(
        query,
        ['customer changes', winery.winery_id, params.customer],
        { shape: idText, of: (change) => change.changeId },
        (after, limit) => listChanges(db, winery.winery_id, of, { after, limit }),
      )
    },
  )
}
