import { describe, expect, it } from 'vitest'
import { type MailData, type MailTemplate, mailData } from '../../src/contract/mail.ts'
import { renderMail } from '../../src/notify/render-mail.ts'

const hostile = `<img src=x onerror="alert(1)">'"&amp;{{x}} </mj-text><script>`
const hostileLink = `https://console.example/a?b="><script>alert(1)</script>&c=1#t'oken`
const brand = { code: 'JH', name: hostile }
const at = '2026-06-05T12:00:00Z'

const samples: { [Template in MailTemplate]: MailData<Template> } = {
  'night-report': {
    wineryName: hostile,
    night: '2026-06-02',
    attention: [hostile],
    brands: [
      {
        ...brand,
        outcome: 'applied',
        snapshotTakenAt: at,
        added: 1234,
        changed: 0,
        missing: 0,
        customersCreated: 1,
      },
    ],
    notReleased: 2,
    consoleUrl: hostileLink,
  },
  alert: {
    wineryName: hostile,
    brand,
    title: hostile,
    message: hostile,
    nextStep: hostile,
    since: at,
    consoleUrl: hostileLink,
  },
  recovery: {
    wineryName: hostile,
    brand,
    title: hostile,
    message: hostile,
    since: at,
    until: at,
    consoleUrl: hostileLink,
  },
  invitation: { wineryName: hostile, invitedBy: hostile, role: hostile, link: hostileLink, expiresAt: at },
  'password-reset': { name: hostile, link: hostileLink, expiresAt: at },
  'two-factor-reset': { resetBy: hostile, at, signInUrl: hostileLink },
  'hand-over-link': {
    wineryName: hostile,
    brands: [brand],
    askedBy: hostile,
    link: hostileLink,
    expiresAt: at,
  },
  'key-works': {
    wineryName: hostile,
    brands: [{ ...brand, businessId: '707', businessName: hostile }],
    link: hostileLink,
    isConfirmed: false,
  },
  'key-not-accepted-yet': {
    wineryName: hostile,
    brands: [brand],
    diagnosis: hostile,
    nextStep: hostile,
    triesUntil: at,
  },
}
const templates = Object.keys(mailData) as MailTemplate[]
const letterhead = {
  supportContact: `Support "${hostile}" <support@ecellar.example>`,
  timeZone: 'America/Los_Angeles',
}
const render = (template: MailTemplate) =>
  renderMail({ template, data: mailData[template].parse(samples[template]) }, letterhead)

/** Of all tags; what stands in quotes is a value. */
function attributeNames(html: string): string[] {
  return [...html.matchAll(/<[a-z][^\s>]*((?:\s+|[\w:-]+|=|"[^"]*")*)\s*\/?>/gi)].flatMap(([, inner = '']) =>
    [...inner.replaceAll(/"[^"]*"/g, '').matchAll(/[\w:-]+/g)].map(([name]) => name.toLowerCase()),
  )
}

describe.each(templates)('the mail %s', (template) => {
  it('shows hostile names as text, in content and in links', async () => {
    const { html, subject } = await render(template)
    const tags = [...html.matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, tag = '']) => tag.toLowerCase())
    expect(tags).not.toContain('script')
    expect(tags).not.toContain('img')
    expect(tags.filter((tag) => tag.startsWith('mj-'))).toEqual([])
    expect(attributeNames(html)).not.toContain('onerror')
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
      expect(href).toMatch(/^(mailto:support@ecellar\.example|https:\/\/console\.example\/)/)
    }
    expect(subject).not.toMatch(/[\r\n]/)
    expect(subject.length).toBeLessThanOrEqual(120)
  })

  it('ends with the way to Support, as HTML and as text', async () => {
    const { html, text } = await render(template)
    expect(text.trimEnd()).toMatch(/Still need help\? Contact us: Support .*support@ecellar\.example>$/)
    const end = html.slice(html.lastIndexOf('Still need help?'))
    expect(end).toContain('href="mailto:support@ecellar.example"')
    expect(end.replaceAll(/<[^>]*>/g, '').trim()).toMatch(/^Still need help\? Contact us: Support/)
  })

  it('fetches nothing from anywhere, and suits dark mailboxes', async () => {
    const { html } = await render(template)
    expect(html).not.toMatch(/<link|@import|url\(|<img/i)
    expect(attributeNames(html)).toContain('style')
    expect(attributeNames(html)).not.toContain('src')
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).toContain('lang="en"')
  })

  it('takes nothing that it does not name, at any depth', () => {
    const refuses = (data: unknown) => expect(mailData[template].safeParse(data).success).toBe(false)
    refuses({ ...samples[template], guestName: 'Ada Example' })
    for (const [key, value] of Object.entries(samples[template])) {
      const { [key]: _, ...rest } = samples[template] as Record<string, unknown>
      refuses(rest)
      if (Array.isArray(value) && typeof value[0] === 'object') {
        refuses({ ...rest, [key]: [{ ...value[0], guestName: 'Ada Example' }] })
      }
    }
  })
})

it('a contact without an address is told as it is', async () => {
  const { html, text } = await renderMail(
    { template: 'two-factor-reset', data: samples['two-factor-reset'] },
    { supportContact: 'eCELLAR Support, +1 555 0100', timeZone: 'UTC' },
  )
  expect(text).toContain('Contact us: eCELLAR Support, +1 555 0100')
  expect(html).toContain('Contact us: eCELLAR Support, +1 555 0100')
})
