/** Pictures waiting for a stage, oldest first. */
export class WorkSet {
  readonly #ids = new Set<string>();

  get size(): number {
    return this.#ids.size;
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#ids.add(id);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Up to `count` ids, left in the set: those the first filter accepts, then the next. */
  peek(count: number, ...filters: ((id: string) => boolean)[]): string[] {
    const ids = new Set<string>();
    for (const accepts of filters) {
      for (const id of this.#ids) {
        if (ids.size === count) return [...ids];
        if (accepts(id)) ids.add(id);
      }
    }
    return [...ids];
  }
}
