import { realpath } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import type { LeftOut } from '#shared/schemas/library.ts';
import { isInFolder } from '#main/files/in-folder.ts';
import type { Engine } from './engine.ts';
import { leftOut } from './photos/left-out.ts';
import { listFailures } from './photos/list-failures.ts';

export interface IndexOptions {
  /** Whether also files that look unchanged are read. */
  readonly everyByte: boolean;
}

/** What indexing a folder came to, with what of it was left out, or is not as it should be. */
export interface IndexSummary extends LeftOut {
  /** Photos of the folder in the library now: files with the same bytes are one. */
  readonly photos: number;
  /** Photos embedded by this run. */
  readonly embedded: number;
  /** Photos captioned by this run. */
  readonly captioned: number;
  /** Picture files that were as the library knew them already. */
  readonly skipped: number;
  /** Every file or folder of the folder that is not in the library, and why. */
  readonly failed: { readonly file: string; readonly error: string }[];
  readonly seconds: number;
}

/** Seconds during which each stage was at work; import and model overlap. */
export type StageSeconds = readonly { readonly title: string; readonly seconds: number }[];

/**
 * Brings a folder into the library and waits until all its photos are embedded and captioned,
 * together with whatever an earlier run left undone. Paused work goes on: it is what is asked for.
 * @throws {MedleyError} `folder-missing`, or why the model could not be loaded.
 */
export async function indexFolder(
  engine: Engine,
  folder: string,
  { everyByte }: IndexOptions = { everyByte: false },
): Promise<IndexSummary & { readonly stages: StageSeconds }> {
  const { handlers, jobs, store } = engine;
  const start = performance.now();
  await handlers['library/import']({ folder });
  const root = await realpath(folder);
  if (everyByte) await handlers['library/rescan']({ folder: root, everyByte });
  await engine.model();
  jobs.start();
  if (jobs.activity().state === 'paused') await handlers['activity/resume'](null);
  await engine.idle();
  if (jobs.problem !== null) throw new MedleyError('internal', jobs.problem);

  const inside = ({ file }: { readonly file: string }) => file === root || isInFolder(root, file);
  const present = [...store.tables.files.all()].filter(
    ({ path, missing, contentId }) =>
      missing === null && contentId !== null && isInFolder(root, path),
  );
  const { stages } = jobs.activity();
  const done = (name: string) => stages.find((stage) => stage.name === name)?.done ?? 0;
  const failures = listFailures(store, jobs.stageWords).filter(inside);
  const { unsupported, notices } = await leftOut(store);
  const spent = jobs.progress.seconds();
  return {
    photos: new Set(present.map(({ assetId }) => assetId)).size,
    embedded: done('embed'),
    captioned: done('caption'),
    skipped: jobs.walkReport(root)?.unchanged ?? 0,
    // Several stages can fail on one file, for the same reason.
    failed: Array.from(
      new Map(failures.map(({ file, error }) => [`${file} ${error}`, { file, error }])).values(),
    ),
    unsupported: unsupported.filter(inside),
    notices: notices.filter(inside),
    seconds: Math.round(performance.now() - start) / 1000,
    stages: stages.map(({ name, words: { title } }) => ({ title, seconds: spent.get(name) ?? 0 })),
  };
}
