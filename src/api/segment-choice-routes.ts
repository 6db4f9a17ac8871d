/** What goes with segments on pages: what conditions can name, and in which segments a customer is. */

import { customerParams } from '../contract/api/customer.ts'
import { wineryParams } from '../contract/api/parts.ts'
import { customersSegmentsSchema, segmentChoicesSchema } from '../contract/api/segment-choices.ts'
import { seesCustomer } from '../crm/customers-search.ts'
import { segmentChoices } from '../segments/segment-choices.ts'
import { segmentsOfCustomer } from '../segments/segments-of-customer.ts'
import { viewerOf } from './customer-routes.ts'
import { seesGuests } from './mask-guests.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addSegmentChoiceRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/segment-choices',
    {
      config: { action: 'segments.read', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'listSegmentChoices',
        summary: "What conditions can name: the winery's lists, experiences, tags, pulls, imports",
        params: wineryParams,
        response: { 200: segmentChoicesSchema },
      },
    },
    ({ winery }) => segmentChoices({ db, wineryId: winery.winery_id, now: new Date() }),
  )

  api.get(
    '/wineries/:winery/customers/:customer/segments',
    {
      config: { action: 'segments.read', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'listSegmentsOfCustomer',
        summary: 'In which of the saved segments a customer is',
        params: customerParams,
        response: { 200: customersSegmentsSchema },
      },
    },
    async (request) => {
      const asking = { db, wineryId: request.winery.winery_id, now: new Date() }
      const { customer } = request.params
      if (!(await seesCustomer(db, asking.wineryId, viewerOf(request), customer))) throw notThere()
      return { items: await segmentsOfCustomer(asking, customer, seesGuests(request)) }
    },
  )
}
