/** Rows a write: merging 64 rows costs little more than merging one. */
const maxRows = 32;
/** A finished row waits at most this long; what a crash can cost. */
const maxWaitMs = 1000;

/**
 * Gathers rows into writes of their table. A failed write is thrown by the next {@link add} or
 * {@link flush}.
 */
export class BatchWriter<Row> {
  readonly #write: (rows: Row[]) => Promise<void>;
  #rows: Row[] = [];
  #timer: NodeJS.Timeout | null = null;
  #tail: Promise<void> = Promise.resolve();
  #error: unknown = null;

  constructor(write: (rows: Row[]) => Promise<void>) {
    this.#write = write;
  }

  add(...rows: Row[]): void {
    this.#throwFailure();
    this.#rows.push(...rows);
    if (this.#rows.length >= maxRows) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), maxWaitMs);
  }

  /** Writes what waits and resolves when every row added so far is on disk. */
  async flush(): Promise<void> {
    this.#send();
    await this.#tail;
    this.#throwFailure();
  }

  #send(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    this.#tail = this.#tail
      .then(() => this.#write(rows))
      .catch((error: unknown) => {
        this.#error ??= error;
      });
  }

  #throwFailure(): void {
    if (this.#error === null) return;
    const error = this.#error;
    this.#error = null;
    throw error;
  }
}
