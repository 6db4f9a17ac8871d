/** When a scheduled export is made, in words. */

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function scheduleWords({ weekday, atTime }: { weekday: number | null; atTime: string }): string {
  return `${weekday === null ? 'Every day' : `Every ${weekdays[weekday - 1]}`} at ${atTime}`
}
