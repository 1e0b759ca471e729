import { thresholdsAt, usualStrictness, verdictOn } from '#main/capfilt/calibration/strictness.ts';
import { evidenceOf, type Pair } from '#main/capfilt/judge/evidence.ts';
import type { KnownPicture } from '#main/capfilt/judge/known-pictures.ts';
import { sampleTexts } from '#main/capfilt/proposals/sample-texts.ts';
import { setAside } from '#main/capfilt/unseen/set-aside.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { captionerIdOf } from '#shared/schemas/model.ts';
import type { Candidate } from '../review/choose-proposals.ts';
import { doubtsOf } from '../review/judged-by.ts';
import type { ModelRuns } from '../work/model-runs.ts';
import { heldText, pictureIn, type LintedSite } from './checked-site.ts';
import type { PictureEncoder } from './picture-encoder.ts';
import type { SiteFilter } from './site-filter.ts';
import type { SitePicture } from './site-pictures.ts';

export interface JudgeTools {
  readonly model: MedModel;
  readonly runs: ModelRuns;
  readonly encoder: PictureEncoder;
  readonly signal: AbortSignal;
  /** Hears how many pictures are done, of how many; one that texts are written of counts twice. */
  readonly onProgress: (done: number, total: number) => void;
}

/** A picture with the texts that are to be held against it. */
interface AskedPicture {
  readonly picture: SitePicture;
  readonly texts: readonly string[];
}

const seed = 1;

/**
 * Holds the texts of a website against their pictures, and has others written where they are wrong or missing
 * (CapFilt: BLIP, section 3.3). What was found before of the same texts and pictures is not asked again. A
 * picture that cannot be read is left out.
 *
 * @param filter filled as it goes: what was found counts also where this is stopped
 */
export async function judgeSite(
  checked: LintedSite,
  filter: SiteFilter,
  tools: JudgeTools,
): Promise<void> {
  const { encoder, signal, onProgress } = tools;
  const all = askedPictures(checked);
  for (const { picture, texts } of all) for (const text of texts) filter.stands(picture.id, text);
  const asked = all.filter(({ picture, texts }) =>
    texts.length === 0
      ? filter.candidates(picture.id) === undefined
      : texts.some((text) => filter.found(picture.id, text) === undefined),
  );
  let done = 0;
  onProgress(done, asked.length);
  while (done < asked.length) {
    signal.throwIfAborted();
    const batch = asked.slice(done, done + tools.runs.batch('embed'));
    const known = await encoder.encode(batch.map(({ picture }) => picture));
    for (const { picture } of batch) if (!known.has(picture)) filter.refuse(picture.id);
    filter.known.add([...known.values()]);
    await judgeTexts(batch, known, filter, tools);
    done += batch.length;
    onProgress(done, asked.length);
  }
  const wanted = picturesWithoutWords(checked, filter).filter(
    ({ id }) => filter.candidates(id) === undefined && !filter.isRefused(id),
  );
  for (const [at, picture] of wanted.entries()) {
    signal.throwIfAborted();
    onProgress(done + at, done + wanted.length);
    filter.propose(picture.id, await propose(picture, filter, tools));
  }
  onProgress(done + wanted.length, done + wanted.length);
}

/** Every picture whose text should describe it, with its texts: the same words twice are one text. */
function askedPictures(checked: LintedSite): AskedPicture[] {
  const texts = new Map<SitePicture, Set<string>>();
  for (const { place } of checked.places) {
    const picture = pictureIn(checked, place);
    const text = heldText(place);
    if (picture === null || place.text === '') continue;
    const own = texts.get(picture) ?? new Set();
    texts.set(picture, text === null ? own : own.add(text));
  }
  return Array.from(texts, ([picture, own]) => ({ picture, texts: [...own] }));
}

async function judgeTexts(
  batch: readonly AskedPicture[],
  known: ReadonlyMap<SitePicture, KnownPicture>,
  filter: SiteFilter,
  { model, runs }: JudgeTools,
): Promise<void> {
  const texts = batch.flatMap(({ picture, texts }) => {
    const own = known.get(picture);
    return own === undefined ? [] : texts.map((text) => pairsOf(text, own, filter));
  });
  const pairs = texts.flatMap(({ own, other }) => [own, other]).filter((pair) => pair !== null);
  const found = await runs.turn(() => evidenceOf(model, pairs, filter.known.mean));
  const evidence = new Map(pairs.map((pair, i) => [pair, found[i]]));
  const of = (pair: Pair | null) => (pair === null ? null : (evidence.get(pair) ?? null));
  for (const { pictureId, text, own, other } of texts) {
    filter.add(pictureId, text, { own: of(own), shuffled: of(other) });
  }
}

/** A text, less what no picture shows, with its own picture and another; nulls where nothing of it is left. */
function pairsOf(text: string, picture: KnownPicture, { known }: SiteFilter) {
  const { pictureId } = picture;
  const { judged } = setAside(text);
  if (judged === '') return { pictureId, text, own: null, other: null };
  const another = known.other(pictureId);
  const own: Pair = { text: judged, picture };
  const other: Pair | null = another === null ? null : { text: judged, picture: another };
  return { pictureId, text, own, other };
}

/** The pictures that have a place with no text that would do: none that fits, or that a rule could mend. */
function picturesWithoutWords(checked: LintedSite, filter: SiteFilter): SitePicture[] {
  const thresholds = thresholdsAt(usualStrictness);
  const pictures = checked.places.flatMap(({ place, findings }) => {
    const picture = pictureIn(checked, place);
    if (picture === null) return [];
    const evidence = filter.found(picture.id, heldText(place) ?? '')?.own ?? null;
    const isDoubted =
      evidence !== null && verdictOn(doubtsOf(filter, evidence), thresholds) !== 'keep';
    const isBroken = findings.some(({ fix, severity }) => fix === null && severity !== 'advice');
    return isDoubted || isBroken ? [picture] : [];
  });
  return [...new Set(pictures)];
}

/** Texts by the captioner, judged as those of the pages are. */
async function propose(
  picture: SitePicture,
  filter: SiteFilter,
  { model, runs, encoder }: JudgeTools,
): Promise<Candidate[]> {
  if (!model.info.roles.captioning) return [];
  const known = await encoder.look(picture);
  if (known === null) return [];
  const { features } = known;
  return await runs.turn(async () => {
    const options = { method: 'beam', beams: 3 } as const;
    const [[best]] = await model.caption([features], options);
    const beam = { text: best.text, decoding: model.decodingOf(options) };
    const modelId = captionerIdOf(model.info);
    const written = [beam, ...(await sampleTexts(model, features, seed))]
      .map((each) => ({ ...each, modelId, judged: setAside(each.text).judged }))
      .filter(({ judged }) => judged !== '');
    const pairs = written.map(({ judged }): Pair => ({ text: judged, picture: known }));
    const found = await evidenceOf(model, pairs, filter.known.mean);
    return written.map(({ judged: _, ...each }, i) => ({ ...each, evidence: found[i] }));
  });
}
