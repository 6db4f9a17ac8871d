/** The columns of an export, as people call them. */

import type { ExportColumn } from '../../contract/segment-export.ts'

export const exportColumnWords: Record<ExportColumn, string> = {
  customer_id: 'Customer number here',
  ecellar_customer_id: 'eCELLAR Customer ID',
  email: 'E-mail address',
  first_name: 'First name',
  last_name: 'Last name',
  customer_source: 'Customer Source',
  customer_type: 'Customer Type',
  allocation_tier: 'Allocation Tier',
  email_consent: 'Consent',
  club_member: 'Club member',
  tags: 'Tags',
  created_at: 'Created',
  created_by: 'Created by',
  released_at: 'Released for marketing',
  visits: 'Visits',
  first_visit_on: 'First visit',
  last_visit_on: 'Last visit',
  next_visit_on: 'Next visit',
  notes: 'Notes of the latest reservation',
}
