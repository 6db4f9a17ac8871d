/** A fault for a person: what happened and what to do, without the values that a driver's message may quote. */

export function faultSentence(error: unknown): { message: string; nextStep: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (unreachable.has(code) || (error instanceof AggregateError && hasUnreachable(error))) {
    return {
      message: `The database does not answer (${code || 'ECONNREFUSED'}).`,
      nextStep: 'Check DATABASE_URL and that the server is running.',
    }
  }
  if (code === '28P01' || code === '28000') {
    return { message: 'The database refuses this user or password.', nextStep: 'Check DATABASE_URL.' }
  }
  if (code === '3D000') {
    return {
      message: 'There is no such database on the server.',
      nextStep: 'Create it, or check DATABASE_URL.',
    }
  }
  // Class 22 (data exception) and 23 (integrity) quote the value in question, which may be a guest's.
  if (/^2[23][0-9A-Z]{3}$/.test(code)) {
    return { message: `The database refused a value (${code}).`, nextStep: again }
  }
  if (error instanceof Error && error.message !== '') return { message: error.message, nextStep: again }
  return { message: 'Something went wrong that has no words.', nextStep: again }
}

const again = 'Try again; if it stays, run "doctor" and ask eCELLAR Support.'

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ECONNRESET',
])

function hasUnreachable(error: AggregateError): boolean {
  return error.errors.some(
    (one: unknown) => one instanceof Error && 'code' in one && unreachable.has(String(one.code)),
  )
}
