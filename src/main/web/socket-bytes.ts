/** Bytes that messages from all sockets may hold at once: three of the largest. */
export const mostSocketBytes = 96 * 1024 * 1024;

/**
 * What the messages of all sockets hold in memory, from their first byte until they are answered.
 * Each socket alone may send a message of the largest size; together they may not send any number.
 */
export class SocketBytes {
  #held = 0;

  /** Whether there is room for so many more; then they are counted. */
  take(bytes: number): boolean {
    if (this.#held + bytes > mostSocketBytes) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
