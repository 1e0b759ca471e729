/** Lets loops sleep until something has changed. */
export class WakeUp {
  #wake = () => {};
  #next = this.#prepare();

  /** Wakes every sleeper. */
  now(): void {
    const wake = this.#wake;
    this.#next = this.#prepare();
    wake();
  }

  /** Sleeps until the next change. */
  next(): Promise<void> {
    return this.#next;
  }

  #prepare(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
