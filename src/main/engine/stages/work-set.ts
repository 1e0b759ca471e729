/** Photos waiting for a stage, oldest first. */
export class WorkSet {
  readonly #ids: Set<string>;

  constructor(ids: Iterable<string>) {
    this.#ids = new Set(ids);
  }

  get size(): number {
    return this.#ids.size;
  }

  add(id: string): void {
    this.#ids.add(id);
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
