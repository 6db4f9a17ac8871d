/** The addresses of a text or CSV file: the first of each line that looks like one; else the line, for the server to judge. */

export function addressesIn(text: string): { address: string; line: number }[] {
  return text.split(/\r\n|\r|\n/).flatMap((content, index) => {
    const cells = content.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/s, '$1'))
    const address = cells.find((cell) => cell.includes('@')) ?? cells[0] ?? ''
    // The first line may name the columns.
    const isHead = index === 0 && !address.includes('@') && content.trim() !== ''
    return address.replace(/^\uFEFF/, '') === '' || isHead
      ? []
      : [{ address: address.replace(/^\uFEFF/, '').slice(0, 1000), line: index + 1 }]
  })
}
