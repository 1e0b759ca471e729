import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { readCaptions } from '#main/captions/read-captions.ts';
import type { Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { LibraryFilter } from '#main/engine/review/library-filter.ts';
import { everyText } from '#main/engine/review/review-list.ts';
import { cleaningStages } from '#main/engine/stages/stages.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { AltRule } from '#shared/schemas/alt-text.ts';
import type { FilterVerdict, ReviewItem } from '#shared/schemas/review.ts';
import { engineOptions, type CommonOptions } from './command-options.ts';
import { withEngine } from './opened-engine.ts';
import { log } from './output.ts';
import { showActivity } from './progress-line.ts';
import { unlessAborted } from './stop-signal.ts';

/** A text about a photo, as `medley clean` tells of it. */
export interface CleanedText {
  readonly file: string;
  /** The metadata field, with the file beside the photo that says it; or the file of captions. */
  readonly source: string;
  readonly text: string | null;
  readonly itm: number | null;
  readonly verdict: FilterVerdict;
  readonly rules: readonly AltRule[];
  readonly proposals: readonly { readonly text: string; readonly itm: number }[];
}

interface CleanOptions extends CommonOptions {
  readonly captions?: string;
  readonly library?: string;
  readonly strict: number;
}

/**
 * Judges the texts of a folder of photos, the worst first. Without a library one is made for the while, and deleted.
 *
 * @throws MedleyError as `indexFolder` and `readCaptions`
 */
export async function cleanTexts(
  command: Command,
  folder: string,
  options: CleanOptions,
  signal: AbortSignal,
): Promise<CleanedText[]> {
  const passing = options.library === undefined ? await mkdtemp(join(tmpdir(), 'medley-')) : null;
  const library = options.library ?? passing ?? '';
  const line = showActivity();
  try {
    const engine = await engineOptions(command, { ...options, library });
    const stages = passing === null ? {} : { stages: cleaningStages };
    return await withEngine(
      { ...engine, ...stages },
      {
        'activity/changed': (activity) => line.show(activity),
        notice: ({ message }) => log(message),
      },
      async (opened) => {
        const work = judgeFolder(opened, folder, options).finally(() => line.end());
        return await unlessAborted(signal, work);
      },
    );
  } finally {
    if (passing !== null) await rm(passing, { recursive: true, force: true });
  }
}

async function judgeFolder(
  engine: Engine,
  folder: string,
  { captions, strict }: CleanOptions,
): Promise<CleanedText[]> {
  await indexFolder(engine, folder, { everyByte: false });
  const file = captions ?? null;
  if (captions !== undefined) await takeCaptions(engine, folder, captions);
  const { info } = await engine.model();
  const filter = await LibraryFilter.open(engine.store, info);
  const items = await everyText(engine.store, filter, strict);
  const root = await realpath(folder);
  return items
    .filter(
      (item) => isInFolder(root, item.file) && (captions === undefined || fieldOf(item) === null),
    )
    .map((item) => cleanedText(item, file));
}

/** Enters what a file says of the photos, and has it judged. */
async function takeCaptions(engine: Engine, images: string, captions: string): Promise<void> {
  const { photos } = await readCaptions({ images, captions, split: 'all' });
  const { store } = engine;
  const createdAt = new Date().toISOString();
  const about = new Map(
    [...store.photos().values()].flatMap((photo) =>
      store.pathsOf(photo.assetId).map((path) => [path, photo] as const),
    ),
  );
  const rows = photos.flatMap(({ file, captions: texts }) => {
    const photo = about.get(file);
    if (photo === undefined) return [];
    return texts.map((text, i) => ({
      id: `${photo.assetId} ${i}`,
      assetId: photo.assetId,
      pictureId: null,
      text,
      origin: 'person' as const,
      field: null,
      rank: 0,
      observationIds: [],
      modelId: null,
      decoding: null,
      createdAt,
    }));
  });
  await store.addCaptions(newBatch('clean'), rows);
  engine.jobs.lookAt([...about.values()].map(({ pictureId }) => pictureId));
  await engine.idle();
}

function fieldOf({ place }: ReviewItem): string | null {
  return place.kind === 'field' ? place.field : null;
}

function isInFolder(folder: string, file: string): boolean {
  return !relative(folder, file).startsWith('..');
}

function cleanedText(item: ReviewItem, captions: string | null): CleanedText {
  const { file, place, text, judgement, findings, proposals } = item;
  const beside = place.kind === 'field' && place.file !== null ? ` in ${place.file}` : '';
  return {
    file,
    source: captions ?? `${fieldOf(item) ?? 'Medley'}${beside}`,
    text,
    itm: judgement.itm,
    verdict: judgement.verdict,
    rules: findings.map(({ rule }) => rule),
    proposals: proposals.map(({ text: proposed, itm }) => ({ text: proposed, itm })),
  };
}

/** The texts that somebody should look at, and how many there are of each verdict. */
export function describeTexts(texts: readonly CleanedText[]): string {
  const count = (verdict: FilterVerdict) => texts.filter((each) => each.verdict === verdict).length;
  const summary = `${texts.length} texts: ${count('wrong')} wrong, ${count('doubtful')} doubtful, ${count('keep')} kept, ${count('unjudged')} not judged`;
  const told = texts.filter(({ rules }) => rules.length > 0);
  return [...told.map(describeText), summary].join('\n');
}

function describeText({ file, source, text, verdict, rules, proposals }: CleanedText): string {
  return [
    `${file} (${source})`,
    `  ${verdict}: ${text ?? ''}`,
    `  ${rules.join(', ')}`,
    ...proposals.map((each) => `  instead: ${each.text}  (fits ${Math.round(each.itm * 100)}%)`),
  ].join('\n');
}
