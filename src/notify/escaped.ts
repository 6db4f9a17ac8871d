/** Text as HTML shows it, in content and in attributes. Also what mail programs might take for their own is told apart. */

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"'{}[\]]/g, (character) => `&#${character.charCodeAt(0)};`)
}
