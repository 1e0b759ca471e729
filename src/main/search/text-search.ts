import type { QueryMeaning } from '#shared/query/query.ts';
import type { SearchNote, SearchProgress } from '#shared/schemas/search.ts';
import { MedleyError } from '#shared/errors.ts';
import { wordsOf } from '#main/store/words/terms.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { fuse } from './fuse.ts';
import type { Matcher } from './matcher.ts';
import { judge, type ModelPresence } from './presence.ts';
import { askQuestions, judgeCandidates, textEvidence, type Questions } from './question.ts';
import { rank, type Candidate } from './rank.ts';
import { present, throwIfCancelled, type SearchRequest } from './request.ts';
import type { Conditions, SearchIndex } from './search-index.ts';
import { requireText } from './understood.ts';

/** Photos judged together: short enough to show progress. */
const batchSize = 16;

/**
 * How many photos in a row may be judged without one that matches before no other is expected to: of 299 that
 * match for 30 sentences among 160 photos, 296 are found so, of which 57 are judged.
 */
const patience = 32;

/** How many photos each list brings at first, and how many once these are used up. */
const depths = [256, 4096];

/** Most photos that are judged for a list by date, which needs all that match before it can begin. */
const judgedForDate = 512;

/**
 * Finds photos by what they show and by what is said of them: the nearest by contrastive embedding and the
 * best by full text, fused by rank, then judged one after the other by image-text matching (BLIP's retrieval:
 * ITC shortlist, ITM re-rank) until enough are found or no more are to be expected. What was judged is kept:
 * run again with a larger limit, it goes on where it was.
 */
export class TextSearch {
  readonly #model: MedModel;
  readonly #matcher: Matcher;
  readonly #presence: ModelPresence | null;
  readonly #meaning: QueryMeaning;
  readonly #conditions: Conditions;
  readonly #partSize: number;
  readonly #ms = { embed: 0, shortlist: 0, rerank: 0 };
  #tail: Promise<unknown> = Promise.resolve();
  #among: ReadonlySet<string> | null = null;
  #searched = 0;
  #questions: Questions | null = null;
  #candidates: Candidate[] = [];
  #depth = 0;
  /** Candidates judged so far. */
  #at = 0;
  /** How many of these, the last ones, are not what was asked for. */
  #barren = 0;
  #isOver = false;

  /**
   * @param meaning with a sentence
   * @param partSize how many photos are put in order together
   * @throws {MedleyError} `bad-request` when the sentence has no word.
   */
  constructor(
    model: MedModel,
    matcher: Matcher,
    presence: ModelPresence | null,
    meaning: QueryMeaning,
    partSize: number,
  ) {
    requireWords(meaning.sentence);
    this.#model = model;
    this.#matcher = matcher;
    this.#presence = presence;
    this.#meaning = meaning;
    this.#partSize = partSize;
    this.#conditions = conditionsOf(meaning);
  }

  /**
   * Judges until the limit is reached. Runs of one search wait for each other.
   * @throws {MedleyError} `cancelled`.
   */
  async run(index: SearchIndex, request: SearchRequest): Promise<SearchProgress> {
    const turn = this.#tail.then(() => this.#run(index, request));
    this.#tail = turn.catch(() => {});
    return await turn;
  }

  /** What was found so far. */
  get found(): ReadonlySet<string> {
    return new Set(this.#found().map(({ photoId }) => photoId));
  }

  async #run(index: SearchIndex, request: SearchRequest): Promise<SearchProgress> {
    throwIfCancelled(request);
    const questions = this.#questions ?? (await this.#begin(index, request));
    if (!this.#hasEnough(request)) {
      request.onProgress(await this.#state(index, request, 'shortlist'));
      await request.calm();
    }
    while (!this.#hasEnough(request)) {
      throwIfCancelled(request);
      const start = performance.now();
      await this.#judgeBatch(index, questions, request.signal);
      this.#ms.rerank += performance.now() - start;
      throwIfCancelled(request);
      if (!this.#hasEnough(request))
        request.onProgress(await this.#state(index, request, 'rerank'));
    }
    return await this.#state(index, request, 'done');
  }

  async #begin(index: SearchIndex, request: SearchRequest): Promise<Questions> {
    const { sentence, phrases, excluded } = this.#meaning;
    const refused = excluded.filter(({ exact }) => !exact).map(({ text }) => text);
    const start = performance.now();
    this.#among = await index.among(this.#conditions);
    this.#searched = this.#among?.size ?? index.count;
    const embedding = performance.now();
    const texts = { sentence, phrases, refused };
    const questions = await askQuestions(this.#model, this.#presence, texts, this.#searched);
    this.#ms.embed += performance.now() - embedding;
    throwIfCancelled(request);
    await this.#deepen(index, questions);
    this.#ms.shortlist += performance.now() - start - this.#ms.embed;
    this.#questions = questions;
    return questions;
  }

  /** Adds the next candidates of both lists after those that are there. */
  async #deepen(index: SearchIndex, { asked: { vector } }: Questions): Promise<void> {
    const depth = depths[this.#depth];
    const [near, said] = await Promise.all([
      vector === null ? [] : index.nearest(vector, depth, this.#among),
      index.byWords(this.#meaning.sentence, this.#conditions, depth),
    ]);
    const known = new Set(this.#candidates.map(({ photoId }) => photoId));
    const fresh = fuse([near.map(({ photoId }) => photoId), said]).filter((id) => !known.has(id));
    const cosines = new Map(near.map(({ photoId, cosine }) => [photoId, cosine]));
    const unknown = { evidence: null, judged: null };
    this.#candidates.push(
      ...fresh.map((photoId) => ({ photoId, cosine: cosines.get(photoId) ?? null, ...unknown })),
    );
    this.#depth += 1;
  }

  #hasEnough({ limit, sort }: SearchRequest): boolean {
    if (this.#isOver) return true;
    if (sort === 'date') return this.#at >= judgedForDate;
    return this.#at % this.#partSize === 0 && this.#found().length >= limit;
  }

  #found(): Candidate[] {
    return this.#candidates.filter(({ judged }) => judged?.isFound);
  }

  async #judgeBatch(index: SearchIndex, questions: Questions, signal: AbortSignal): Promise<void> {
    const isUsedUp = this.#at >= this.#candidates.length;
    if (isUsedUp && this.#depth < depths.length) await this.#deepen(index, questions);
    // A batch never lies in two parts.
    const part = this.#at + this.#partSize - (this.#at % this.#partSize);
    const from = this.#at;
    const to = Math.min(from + batchSize, part, this.#candidates.length);
    await this.#look(index, from, to);
    const batch = this.#candidates.slice(from, to);
    const { line } = questions.asked;
    const mayBe = ({ cosine }: Candidate, place: number) =>
      from + place < patience ||
      judge(line, { match: { probability: 1 }, cosine: cosine ?? 0 }).above;
    const answers = await judgeCandidates(index, this.#matcher, questions, batch, mayBe, signal);
    for (const [i, { judged, isAsked }] of answers.entries()) {
      this.#candidates[from + i] = { ...batch[i], judged };
      this.#barren = isAsked ? 0 : this.#barren + 1;
    }
    this.#at = to;
    this.#isOver = to === from || this.#barren >= patience;
  }

  /** Looks up what the texts of candidates say, and how near those are that only words have found. */
  async #look(index: SearchIndex, from: number, to: number): Promise<void> {
    const questions = this.#questions;
    const places = Array.from({ length: to - from }, (_, i) => from + i).filter(
      (place) => this.#candidates[place].evidence === null,
    );
    if (questions === null || places.length === 0) return;
    const ids = places.map((place) => this.#candidates[place].photoId);
    const { vector } = questions.asked;
    const far = ids.filter((_, i) => this.#candidates[places[i]].cosine === null);
    const [found, cosines] = await Promise.all([
      textEvidence(index, questions, ids),
      vector === null || far.length === 0 ? new Map<string, number>() : index.cosines(vector, far),
    ]);
    for (const [i, place] of places.entries()) {
      const candidate = this.#candidates[place];
      const cosine = candidate.cosine ?? cosines.get(candidate.photoId) ?? null;
      this.#candidates[place] = { ...candidate, cosine, evidence: found[i] };
    }
  }

  async #state(
    index: SearchIndex,
    { limit, sort }: SearchRequest,
    stage: SearchProgress['stage'],
  ): Promise<SearchProgress> {
    const isDone = stage === 'done';
    const isOver = isDone && (this.#isOver || sort === 'date');
    const { cosineWeight } = this.#model.info;
    const found = this.#found();
    const listed = async () => {
      const ranked = rank(this.#candidates, this.#partSize, cosineWeight, isOver);
      return isDone && sort === 'date' ? await byDate(index, ranked, found) : ranked;
    };
    // What is yet to be judged stands in the order of judging, whatever its texts say: its first ones are shown.
    const shown = (await listed()).slice(0, limit).map(({ photoId }) => photoId);
    const [cards] = await Promise.all([
      index.cards(shown),
      this.#look(index, 0, Math.min(this.#at + limit, this.#candidates.length)),
    ]);
    const list = await listed();
    return {
      stage,
      reranked: this.#at,
      shortlist: isDone ? this.#at : Math.max(this.#at, this.#expected(limit)),
      results: present(cards, list.slice(0, limit), cosineWeight),
      above: this.#at > 0 || this.#isOver ? found.length : null,
      line: this.#questions?.asked.line.isDrawn === true ? 0.5 : null,
      searched: this.#searched,
      more: !isOver || list.length > limit,
      total: isOver ? list.length : null,
      notes: this.#notes(),
      ms: { ...this.#ms },
    };
  }

  /** How many photos a list of `limit` will judge, as far as anyone can say. */
  #expected(limit: number): number {
    const parts = Math.ceil(limit / this.#partSize);
    return Math.min(this.#candidates.length, parts * this.#partSize);
  }

  #notes(): SearchNote[] {
    const understanding = this.#questions?.asked.understanding;
    if (understanding === undefined || understanding.notice === null) return [];
    const kind = understanding.isUnderstood ? 'partly-understood' : 'not-understood';
    const words = [...understanding.unknown, ...understanding.unseen];
    return [{ kind, words, text: understanding.notice }];
  }
}

/** @throws {MedleyError} `bad-request` */
function requireWords(sentence: string): void {
  requireText(sentence);
  if (wordsOf(sentence).length > 0) return;
  throw new MedleyError(
    'bad-request',
    `There is no word in “${sentence}”. Say in a few words what the photo shows.`,
  );
}

export function conditionsOf({ filters, phrases, excluded }: QueryMeaning): Conditions {
  const without = excluded.filter(({ exact }) => exact).map(({ text }) => text);
  return { filters, phrases, without };
}

/** What was found newest first, then the others as they are ranked. */
async function byDate(
  index: SearchIndex,
  ranked: readonly Candidate[],
  found: readonly Candidate[],
): Promise<Candidate[]> {
  const byId = new Map(found.map((each) => [each.photoId, each]));
  const ids = await index.byDate(new Set(byId.keys()));
  const others = ranked.filter(({ judged }) => judged?.isFound !== true);
  return [...ids.flatMap((id) => byId.get(id) ?? []), ...others];
}
