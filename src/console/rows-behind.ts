/** The lists that figures of other pages lead to. */

export const reservationsPage = '/wineries/$winery/reservations' as never
export const customersPage = '/wineries/$winery/customers' as never
