/** A file of a snapshot that is not one JSON array of objects. Says nothing of what stands in it. */
export class UnreadableFile extends Error {
  constructor() {
    super('A file of the snapshot is not one JSON array of objects')
    this.name = 'UnreadableFile'
  }
}
