import { Calibration } from '#main/capfilt/calibration/calibration.ts';
import {
  beliefsIn,
  beliefsOf,
  unknownBeliefs,
  type Beliefs,
} from '#main/capfilt/calibration/shipped.ts';
import type { Evidence, TextEvidence } from '#main/capfilt/judge/evidence.ts';
import { isPersons } from '#main/store/asset-captions.ts';
import type { Store } from '#main/store/store.ts';
import type { KnownCaption } from '#main/store/tables/captions.ts';
import type { EvidenceRow, Judges } from '#main/store/tables/evidence.ts';
import { captionerIdOf, type ModelInfo } from '#shared/schemas/model.ts';

/** What is thought of a text of the library. */
export type Opinion =
  /** Not looked at yet. */
  | { readonly kind: 'awaited' }
  /** It says nothing that a picture could show. */
  | { readonly kind: 'unjudged' }
  | { readonly kind: 'judged'; readonly evidence: TextEvidence };

/** A share of new texts that changes little of what is known. */
const roughly = 0.1;

/** Which models judge: what matches, and what says how likely a text is. */
export function judgesOf(info: ModelInfo): Judges {
  return { modelId: info.id, captionerId: info.roles.captioning ? captionerIdOf(info) : null };
}

/** The filter of one model on a library, calibrated on what is known of its texts. */
export class LibraryFilter {
  readonly judges: Judges;
  readonly #store: Store;
  readonly #beliefs: Beliefs;
  #calibrated: { readonly count: number; readonly calibration: Calibration } | null = null;

  private constructor(store: Store, judges: Judges, beliefs: Beliefs) {
    this.#store = store;
    this.#beliefs = beliefs;
    this.judges = judges;
  }

  static async open(store: Store, info: ModelInfo): Promise<LibraryFilter> {
    return new LibraryFilter(store, judgesOf(info), await beliefsOf(info));
  }

  /**
   * The filter that judged last, for when no model is there; null where none has.
   *
   * @param folders where its model may be
   */
  static async last(store: Store, folders: readonly string[]): Promise<LibraryFilter | null> {
    const judges = store.tables.evidence.lastJudges;
    if (judges === null) return null;
    const { modelId, captionerId } = judges;
    const isAlone = captionerId === null || captionerId === modelId;
    const beliefs = isAlone ? await beliefsIn(folders, modelId) : unknownBeliefs;
    return new LibraryFilter(store, judges, beliefs);
  }

  /** The texts of people, or of files, about the photo with this picture. */
  textsOf(pictureId: string): KnownCaption[] {
    return this.#store.textsAbout(pictureId).filter(isPersons);
  }

  /** Whether a text about the photo with this picture was not looked at yet. */
  awaits(pictureId: string): boolean {
    return this.textsOf(pictureId).some(({ id }) => this.opinion(id, pictureId).kind === 'awaited');
  }

  opinion(captionId: string, pictureId: string): Opinion {
    const row = this.#store.tables.evidence.of(this.judges, captionId, pictureId);
    if (row === undefined) return { kind: 'awaited' };
    const evidence = evidenceIn(row);
    return evidence === null ? { kind: 'unjudged' } : { kind: 'judged', evidence };
  }

  /** As of now. */
  get calibration(): Calibration {
    return this.#calibratedSince(0);
  }

  /** As of when there was little less to learn from: while texts come, each must not cost a look at all. */
  get roughCalibration(): Calibration {
    return this.#calibratedSince(roughly);
  }

  #calibratedSince(slack: number): Calibration {
    const count = this.#store.tables.evidence.countOf(this.judges);
    if (this.#calibrated === null || count > this.#calibrated.count * (1 + slack)) {
      this.#calibrated = { count, calibration: this.#calibrate() };
    }
    return this.#calibrated.calibration;
  }

  #calibrate(): Calibration {
    const own: Evidence[] = [];
    for (const { pictureId } of this.#store.photos().values()) {
      for (const { id } of this.textsOf(pictureId)) {
        const opinion = this.opinion(id, pictureId);
        if (opinion.kind === 'judged') own.push(opinion.evidence);
      }
    }
    const drawn = this.#store.tables.evidence.drawn(this.judges);
    const shuffled = drawn.map(evidenceIn).filter((each) => each !== null);
    return new Calibration({ own, shuffled }, this.#beliefs);
  }
}

function evidenceIn({ match, cosine, gain, word }: EvidenceRow): TextEvidence | null {
  return match === null || cosine === null ? null : { match, cosine, gain, word };
}
