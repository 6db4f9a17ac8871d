/** What a mail says, as a few kinds of blocks: one look for all mails, in HTML and in plain text alike. */

export type Letter = {
  /** Short; says the winery. */
  subject: string
  /** What mailboxes show after the subject. */
  preview: string
  title: string
  blocks: Block[]
}

export type Block =
  | { kind: 'paragraph'; text: string }
  /** In a box of its own: what needs a person. */
  | { kind: 'attention'; title: string; items: string[] }
  | { kind: 'facts'; rows: [label: string, value: string][] }
  | { kind: 'figures'; title: string; remark: string; rows: [label: string, value: string][] }
  /** The address stands below it too: some mailboxes show no buttons. */
  | { kind: 'button'; text: string; url: string }
  | { kind: 'small'; text: string }
