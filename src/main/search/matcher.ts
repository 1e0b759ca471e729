import type { Match, MedModel } from '#main/med/model/med-model.ts';
import type { SearchIndex } from './search-index.ts';

/** Texts whose matches are kept: those of the last searches. */
const textsKept = 8;

/** Matches pictures with texts, each pair once. Belongs to one model. */
export class Matcher {
  readonly #model: MedModel;
  readonly #byText = new Map<string, Map<string, Match>>();

  constructor(model: MedModel) {
    this.#model = model;
  }

  /** The matches of photos with a text; a photo that cannot be read any more has none. */
  async match(
    index: Pick<SearchIndex, 'features' | 'pictures'>,
    photoIds: readonly string[],
    text: string,
  ): Promise<ReadonlyMap<string, Match>> {
    const known = this.#matchesOf(text);
    const pictures = index.pictures(photoIds);
    const isNew = pictures.map((picture) => picture !== null && !known.has(picture));
    const fresh = photoIds.filter((_, i) => isNew[i]);
    const features = fresh.length > 0 ? await index.features(fresh) : [];
    const readable = features.filter((each) => each !== null);
    const texts = readable.map(() => text);
    const matches = readable.length > 0 ? await this.#model.match(readable, texts) : [];
    const freshPictures = pictures.filter((_, i) => isNew[i]);
    let next = 0;
    for (const [i, picture] of freshPictures.entries()) {
      if (features[i] !== null && picture !== null) known.set(picture, matches[next++]);
    }
    return new Map(
      photoIds.flatMap((id, i) => {
        const match = known.get(pictures[i] ?? '');
        return match === undefined ? [] : [[id, match]];
      }),
    );
  }

  #matchesOf(text: string): Map<string, Match> {
    const matches = this.#byText.get(text) ?? new Map<string, Match>();
    // A Map iterates in order of insertion, so the first entry is the one used longest ago.
    this.#byText.delete(text);
    this.#byText.set(text, matches);
    for (const oldest of this.#byText.keys()) {
      if (this.#byText.size <= textsKept) break;
      this.#byText.delete(oldest);
    }
    return matches;
  }
}
