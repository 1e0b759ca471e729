import type { NewContent } from '#main/store/imported-file.ts';

/** What an import needs to know of a library, in a form that travels between threads. */
export interface Knowledge {
  /** Contents of which everything was read. */
  readonly whole: readonly string[];
  /** Contents of which everything was read, files beside them too. */
  readonly told: readonly string[];
  /** Contents whose pixels are known and whose metadata was not read. */
  readonly unread: readonly string[];
  /** The picture of each content whose pixels are not known. */
  readonly unseen: readonly (readonly [contentId: string, pictureId: string])[];
  /** The picture that pixels are known as. */
  readonly pictures: readonly (readonly [pixels: string, pictureId: string])[];
}

type ReadingState = 'whole' | 'told' | 'unread';

/** The contents and pictures that a library has, so that none is taken in twice. */
export class KnownContents {
  readonly #knowledge = new Map<string, ReadingState>();
  readonly #unseen: Map<string, string>;
  readonly #pictures: Map<string, string>;

  constructor({ whole, told, unread, unseen, pictures }: Knowledge) {
    for (const id of whole) this.#knowledge.set(id, 'whole');
    for (const id of told) this.#knowledge.set(id, 'told');
    for (const id of unread) this.#knowledge.set(id, 'unread');
    this.#unseen = new Map(unseen);
    this.#pictures = new Map(pictures);
  }

  /** How much of a content is known. */
  of(contentId: string): ReadingState | undefined {
    return this.#knowledge.get(contentId);
  }

  /** The picture of these pixels in this content; null for a new one. */
  pictureOf(contentId: string, pixels: string): string | null {
    return this.#unseen.get(contentId) ?? this.#pictures.get(pixels) ?? null;
  }

  /** Notes a content that was taken in just now. */
  add({ id, pixels, metadataRead }: NewContent): void {
    this.#knowledge.set(id, metadataRead ? 'whole' : 'unread');
    if (!this.#pictures.has(pixels)) this.#pictures.set(pixels, pixels);
  }
}

export const nothingKnown: Knowledge = {
  whole: [],
  told: [],
  unread: [],
  unseen: [],
  pictures: [],
};
