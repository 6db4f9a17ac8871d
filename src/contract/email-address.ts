/**
 * When two e-mail addresses are one. Stands in `contract` because Tock's rows, imported files and people's
 * input all have to agree on it.
 */

// One @ that splits it, nothing blank or quoted, a local part of at most 64 characters (RFC 5321 §4.5.3.1.1).
// Local parts may be in any script (RFC 6531).
const shape = /^([^\s@"<>(),;:\\[\]]{1,64})@([^\s@]{1,255})$/u
const asciiHost =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]{2,63}$)(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * The form in which addresses are compared (rule 16): trimmed, case-folded, Unicode NFC, the domain in its
 * ASCII form; dots and plus-tags are untouched. `null` when the text is no e-mail address.
 */
export function emailKey(address: string): string | null {
  const match = shape.exec(address.trim().normalize('NFC').toLowerCase())
  if (!match) return null
  const [, local = '', domain = ''] = match
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return null
  const host = asciiHost.test(domain) ? domain : asciiDomain(domain)
  return host === null ? null : `${local}@${host}`
}

function asciiDomain(domain: string): string | null {
  if (/[/?#:%\\]/.test(domain)) return null
  try {
    const host = new URL(`http://${domain}`).hostname
    return asciiHost.test(host) ? host : null
  } catch {
    return null
  }
}
