/** Lets reads of a table in, any number at once, but for moments that have it to themselves. */
export class ReadGate {
  #reading = 0;
  /** Set while reads wait. */
  #shut: Promise<void> | null = null;
  #onQuiet = () => {};

  /** Waits to be let in; {@link leave} follows. */
  async enter(): Promise<void> {
    while (this.#shut !== null) await this.#shut;
    this.#reading += 1;
  }

  leave(): void {
    this.#reading -= 1;
    if (this.#reading === 0) this.#onQuiet();
  }

  /** Does a job once nobody reads, while nobody begins to. One at a time. */
  async alone(job: () => Promise<void>): Promise<void> {
    let open = () => {};
    this.#shut = new Promise((resolve) => (open = resolve));
    try {
      if (this.#reading > 0) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
      await job();
    } finally {
      this.#shut = null;
      open();
    }
  }
}
