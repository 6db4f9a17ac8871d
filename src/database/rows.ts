/** The tables' rows as kysely sees them; `migrations/*.sql` is where they are explained. */

import type { ColumnType, Generated } from 'kysely'
import type { AlertCode } from '../contract/alert.ts'
import type { PullKind } from '../contract/pull-report.ts'
import type { PullRequestState } from '../contract/pull-request.ts'
import type { EmailConsent, ExceptionCode, ListName, MailPolicy, NightMail } from '../contract/vocabulary.ts'

/** 64-bit ids come from the driver as text and may be given as text. */
export type Id = string
type GeneratedId = ColumnType<Id, Id | undefined, never>
type DefaultedTime = ColumnType<Date, Date | undefined, Date>

export type WineryRow = {
  winery_id: GeneratedId
  slug: string
  name: string
  time_zone: Generated<string>
  reservation_contact: string | null
  nightly_release: Generated<string>
  mail_policy: Generated<MailPolicy>
  night_mail: Generated<NightMail>
  history_days: Generated<number>
  guard_percent: Generated<number>
  guests_without_reservation: Generated<boolean>
  export_notes: Generated<boolean>
  identity_revision: Generated<Id>
  created_at: DefaultedTime
}

export type ListEntryRow = {
  winery_id: Id
  entry_id: GeneratedId
  list: ListName
  name: string
  not_a_visit: Generated<boolean>
}

export type BrandRow = {
  winery_id: Id
  brand_id: GeneratedId
  code: string
  name: string
  business_group_id: string
  business_id: string
  enabled_at: Date | null
  default_location_id: Id | null
}

export type BrandBusinessRow = {
  winery_id: Id
  brand_id: Id
  business_id: string
  business_group_id: string
  business_name: string | null
  time_zone: string | null
  initial_pull_id: Id | null
  last_pull_id: Id | null
  last_snapshot_at: Date | null
  matched_revision: Generated<Id>
}

export type WebStoreSettingsRow = {
  winery_id: Id
  brand_id: Id
  customer_source_id: Id | null
  customer_type_id: Id | null
  allocation_tier_id: Id | null
}

export type SharedAddressRow = { winery_id: Id; email_key: string; is_shared: Generated<boolean> }

export type CustomerRow = {
  winery_id: Id
  customer_id: GeneratedId
  ecellar_customer_id: string | null
  email: string | null
  email_key: string | null
  first_name: string | null
  last_name: string | null
  customer_source_id: Id | null
  customer_type_id: Id | null
  allocation_tier_id: Id | null
  email_consent: Generated<EmailConsent>
  consent_source: string | null
  bounced: Generated<boolean>
  active: Generated<boolean>
  club_member: Generated<boolean>
  tags: Generated<string[]>
  released_at: Date | null
  created_at: DefaultedTime
  created_by: 'tock' | 'import' | 'staff'
  created_in_pull: Id | null
  edited_at: Date | null
}

export type ExperienceRow = {
  winery_id: Id
  brand_id: Id
  experience_id: string
  name: string | null
  variety: string | null
  reservation_type_id: Id | null
  ignored: Generated<boolean>
  first_seen_at: DefaultedTime
}

export type SeatingAreaRow = {
  winery_id: Id
  brand_id: Id
  seating_area_id: string
  name: string | null
  location_id: Id | null
}

export type ExceptionRow = {
  winery_id: Id
  exception_id: GeneratedId
  brand_id: Id
  business_id: string | null
  pull_id: Id
  code: ExceptionCode
  subject: string
  tock_key: string | null
  message: string
  first_seen_at: DefaultedTime
  resolved_at: Date | null
  closed_by_person: Generated<boolean>
  closed_because: string | null
  business_group_id: string | null
  patron_id: string | null
  email_key: string | null
  customer_id: Id | null
  other_customer_id: Id | null
  decision: string | null
  decided_by: string | null
  done: string | null
}

export type TockKeyRow = { winery_id: Id; brand_id: Id; sealed: string; stored_at: DefaultedTime }
export type InstallationSecretRow = { name: string; sealed: string }
export type AnalystLoginRow = { winery_id: Id; role_name: string; sealed: string }

export type ScheduleRow = {
  winery_id: Id
  brand_id: Id
  times: string[]
  time_zone: string
  changed_at: DefaultedTime
}

export type PullRequestRow = {
  winery_id: Id
  request_id: GeneratedId
  brand_id: Id
  kind: PullKind
  state: Generated<PullRequestState>
  slot: Date | null
  actor_kind: string
  actor_id: string
  actor_name: string
  must_match_pull_id: Id | null
  attempt: Generated<number>
  again_at: Date | null
  pull_id: Id | null
  error_code: string | null
  error_message: string | null
  next_step: string | null
  requested_at: DefaultedTime
  started_at: Date | null
  finished_at: Date | null
}

export type AlertRow = {
  winery_id: Id
  alert_id: GeneratedId
  brand_id: Id
  code: AlertCode
  message: string
  next_step: string
  raised_at: Date
  recovered_at: Date | null
}

export type NightReportRow = { winery_id: Id; night_starts_at: Date; decided_at: Date }

export type Tables = {
  wineries: WineryRow
  list_entries: ListEntryRow
  brands: BrandRow
  brand_businesses: BrandBusinessRow
  web_store_settings: WebStoreSettingsRow
  shared_addresses: SharedAddressRow
  customers: CustomerRow
  experiences: ExperienceRow
  seating_areas: SeatingAreaRow
  exceptions: ExceptionRow
  tock_keys: TockKeyRow
  installation_secrets: InstallationSecretRow
  analyst_logins: AnalystLoginRow
  schedules: ScheduleRow
  pull_requests: PullRequestRow
  alerts: AlertRow
  night_reports: NightReportRow
}
