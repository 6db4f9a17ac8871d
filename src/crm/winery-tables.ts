/**
 * Every table with a winery's data, and whether a winery that leaves gets it. A test holds this against the database's
 * catalogue, so that a new table cannot be forgotten. What is deleted with a winery is not listed: it is all of them.
 */

export type TableOfWinery =
  | {
      exported: true
      /** Columns that stay here: secrets, and what means nothing outside. */
      without?: string[]
      /** For what stands partly elsewhere; `WINERY` is the winery's number. */
      rows?: string
    }
  | { exported: false; because: string }

const all: TableOfWinery = { exported: true }
const staged: TableOfWinery = {
  exported: false,
  because: "a snapshot of Tock's that waits for approval: Tock has it, and nothing of it holds yet",
}

export const wineryTables: Record<string, TableOfWinery> = {
  'ecellar.wineries': all,
  'ecellar.brands': all,
  'ecellar.brand_businesses': all,
  'ecellar.list_entries': all,
  'ecellar.web_store_settings': all,
  'ecellar.shared_addresses': all,
  'ecellar.guest_decisions': all,
  'ecellar.address_decisions': all,
  'ecellar.schedules': all,
  'ecellar.customers': all,
  'ecellar.patrons': all,
  'ecellar.consent_changes': all,
  'ecellar.reservations': all,
  'ecellar.experiences': all,
  'ecellar.seating_areas': all,
  'ecellar.changes': all,
  'ecellar.exceptions': all,
  'ecellar.pulls': all,
  'ecellar.pull_requests': all,
  'ecellar.preview_confirmations': all,
  'ecellar.imports': all,
  'ecellar.releases': all,
  'ecellar.exports': all,
  'ecellar.export_customers': all,
  'ecellar.release_plans': all,
  'ecellar.segments': all,
  'ecellar.segment_members': all,
  'ecellar.segment_moves': all,
  'ecellar.segment_sizes': all,
  'ecellar.export_schedules': all,
  'ecellar.undone_pulls': all,
  'ecellar.undone_guests': all,
  'ecellar.alerts': all,
  'ecellar.night_reports': all,
  'ecellar.audit': all,
  'ecellar.outbox': { exported: true, without: ['sealed_link'] },
  'ecellar.hand_over_links': { exported: true, without: ['token_hash'] },
  'ecellar.key_hand_overs': { exported: true, without: ['receipt_hash'] },
  'ecellar.handed_keys': { exported: true, without: ['sealed'] },
  'access.memberships': {
    exported: true,
    rows: `
      select u.name, u.email, u.created_at, m.role, m.brand_ids, m.last_signed_in_at
      from access.memberships m
      join access.users u on u.id = m.user_id
      where m.winery_id = WINERY`,
  },
  'access.invitations': { exported: true, without: ['token_hash'] },
  'access.guest_access': { exported: true, without: ['user_id'] },
  'ecellar.tock_keys': { exported: false, because: 'sealed secrets; the winery has its key' },
  'ecellar.analyst_logins': { exported: false, because: 'a secret of this installation' },
  'ecellar.erasures': {
    exported: false,
    because: 'hashes that only this installation can make: they mean nothing elsewhere',
  },
  'ecellar.snapshot_files': { exported: false, because: "which of Tock's files are known as unchanged" },
  'ecellar.preview_people': {
    exported: false,
    because: "a preview's guests: Tock has them, and nothing of it holds yet",
  },
  'ecellar.waiting_reservations': staged,
  'ecellar.waiting_guests': staged,
  'ecellar.waiting_files': staged,
}

/** The same data in words, as spreadsheets read it: the views that analysts know. */
export const wineryViews = ['customers', 'reservations', 'experiences', 'locations', 'pulls', 'exceptions']
