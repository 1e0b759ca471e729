import { Calibration } from '#main/capfilt/calibration/calibration.ts';
import { beliefsOf, type Beliefs } from '#main/capfilt/calibration/shipped.ts';
import type { TextEvidence } from '#main/capfilt/judge/evidence.ts';
import { KnownPictures } from '#main/capfilt/judge/known-pictures.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { Judges } from '#main/store/tables/evidence.ts';
import type { ModelInfo } from '#shared/schemas/model.ts';
import type { Candidate } from '../review/choose-proposals.ts';
import type { CalibratedFilter } from '../review/judged-by.ts';
import { judgesOf } from '../review/library-filter.ts';

/** What the filter found of a text and its picture; nulls where it says nothing that a picture could show. */
export interface FoundEvidence {
  readonly own: TextEvidence | null;
  /** Of the same text with another picture of the site; null where there is none. */
  readonly shuffled: TextEvidence | null;
}

const seed = 1;

/** What one model finds of the texts of a website and its pictures, calibrated on these. */
export class SiteFilter implements CalibratedFilter {
  readonly judges: Judges;
  /** What texts are held against beside their own picture. */
  readonly known: KnownPictures;
  readonly #beliefs: Beliefs;
  readonly #found: Map<string, FoundEvidence>;
  readonly #candidates: Map<string, readonly Candidate[]>;
  /** The texts that stand in the pages: these are what is calibrated on. */
  readonly #standing = new Set<string>();
  readonly #refused = new Set<string>();
  #calibration: Calibration | null = null;

  private constructor(judges: Judges, beliefs: Beliefs, before: SiteFilter | null) {
    this.judges = judges;
    this.#beliefs = beliefs;
    this.known = before?.known ?? new KnownPictures(seededRandom(seed, 0));
    this.#found = new Map(before === null ? [] : before.#found);
    this.#candidates = new Map(before === null ? [] : before.#candidates);
  }

  /** @param before what was found of the same pictures; counts where the same models judge */
  static async open(info: ModelInfo, before: SiteFilter | null): Promise<SiteFilter> {
    const judges = judgesOf(info);
    const isSame =
      before?.judges.modelId === judges.modelId && before.judges.captionerId === judges.captionerId;
    return new SiteFilter(judges, await beliefsOf(info), isSame ? before : null);
  }

  /** Takes note that a text stands in a page. */
  stands(pictureId: string, text: string): void {
    this.#standing.add(keyOf(pictureId, text));
    this.#calibration = null;
  }

  /** Undefined for a text that was not looked at. */
  found(pictureId: string, text: string): FoundEvidence | undefined {
    return this.#found.get(keyOf(pictureId, text));
  }

  add(pictureId: string, text: string, found: FoundEvidence): void {
    this.#found.set(keyOf(pictureId, text), found);
    this.#calibration = null;
  }

  /** Takes note that a picture cannot be read. */
  refuse(pictureId: string): void {
    this.#refused.add(pictureId);
  }

  isRefused(pictureId: string): boolean {
    return this.#refused.has(pictureId);
  }

  /** What models wrote of a picture; undefined where none was asked. */
  candidates(pictureId: string): readonly Candidate[] | undefined {
    return this.#candidates.get(pictureId);
  }

  propose(pictureId: string, candidates: readonly Candidate[]): void {
    this.#candidates.set(pictureId, candidates);
  }

  /** As of now. */
  get calibration(): Calibration {
    const found = [...this.#standing].flatMap((key) => this.#found.get(key) ?? []);
    const own = found.map((each) => each.own).filter((each) => each !== null);
    const shuffled = found.map((each) => each.shuffled).filter((each) => each !== null);
    this.#calibration ??= new Calibration({ own, shuffled }, this.#beliefs);
    return this.#calibration;
  }
}

function keyOf(pictureId: string, text: string): string {
  return `${pictureId} ${text}`;
}
