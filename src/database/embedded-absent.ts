/** For `catch`: what stands in for a file that is not there. Any other trouble with it is thrown on. */
export function ifAbsent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead
    throw error
  }
}
