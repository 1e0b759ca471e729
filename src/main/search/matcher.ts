import type { Match, MedModel } from '#main/med/model/med-model.ts';
import { throwIfCancelled } from './request.ts';
import type { SearchIndex } from './search-index.ts';

/** Texts whose matches are kept: those of the last searches. */
const textsKept = 8;

/** Photos that the first run of a model takes, when nothing is known of its speed, and that any one takes. */
const fewest = 4;
const most = 16;

/**
 * How long a run should take at most, in milliseconds: a search that was given up leaves the model to the next
 * one as soon as that.
 */
const runMs = 150;

/** Matches pictures with texts, each pair once. Belongs to one model. */
export class Matcher {
  readonly #model: MedModel;
  readonly #byText = new Map<string, Map<string, Match>>();
  /** Photos that a run takes. */
  #atOnce = fewest;

  constructor(model: MedModel) {
    this.#model = model;
  }

  /**
   * The matches of photos with a text; a photo that cannot be read any more has none. What was matched before it
   * was given up is kept.
   * @throws {MedleyError} `cancelled`.
   */
  async match(
    index: Pick<SearchIndex, 'features' | 'pictures'>,
    photoIds: readonly string[],
    text: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Match>> {
    const known = this.#matchesOf(text);
    const pictures = index.pictures(photoIds);
    const fresh = photoIds.flatMap((photoId, i) => {
      const picture = pictures[i];
      return picture === null || known.has(picture) ? [] : [{ photoId, picture }];
    });
    while (fresh.length > 0) {
      throwIfCancelled({ signal });
      const some = fresh.splice(0, this.#atOnce);
      const start = performance.now();
      for (const [picture, match] of await this.#run(index, some, text)) known.set(picture, match);
      const each = (performance.now() - start) / some.length;
      this.#atOnce = Math.min(most, Math.max(1, Math.floor(runMs / each)));
    }
    return new Map(
      photoIds.flatMap((id, i) => {
        const match = known.get(pictures[i] ?? '');
        return match === undefined ? [] : [[id, match]];
      }),
    );
  }

  /** One run of the model. @returns matches by picture */
  async #run(
    index: Pick<SearchIndex, 'features'>,
    photos: readonly { readonly photoId: string; readonly picture: string }[],
    text: string,
  ): Promise<[string, Match][]> {
    const features = await index.features(photos.map(({ photoId }) => photoId));
    const readable = photos.flatMap(({ picture }, i) => {
      const own = features[i];
      return own === null ? [] : [{ picture, own }];
    });
    if (readable.length === 0) return [];
    const matches = await this.#model.match(
      readable.map(({ own }) => own),
      readable.map(() => text),
    );
    return readable.map(({ picture }, i) => [picture, matches[i]]);
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
