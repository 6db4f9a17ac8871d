/** Stands in every text that the facts say is never kept. */
export const neverKeep = 'NEVER-KEEP'

/** Stands in every amount, which the facts say is never kept. */
export const neverKeepNumber = 777077701

/** Stands in every rate. */
export const neverKeepRate = 77.0777

/** Stands in texts about which the facts say nothing: neither among what is used nor among what is never kept. */
export const notNamed = 'NOT-NAMED'

/** Card numbers that guests have typed into notes: they pass the check digit, and belong to nobody. */
export const cardNumbers = [
  '4111 1111 1111 1111',
  '5555-5555-5555-4444',
  '378282246310005',
  '4242424242424242',
]

/** Long numbers in notes that are no card numbers. */
export const otherLongNumbers = ['+49 171 555 0100', '1234567890123456', 'UPS 1Z999AA10123456784']
