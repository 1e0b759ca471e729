import type { Command } from 'commander';
import type { UndoableBatch } from '#main/engine/undo/batches.ts';
import type { UndoneBatch } from '#main/engine/undo/undo-batch.ts';
import type { Store } from '#main/store/store.ts';
import { MedleyError } from '#shared/errors.ts';
import { withStore } from '../opened-store.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly library: string;
  readonly last: boolean;
  readonly json: boolean;
}

const document = `
Files are put back byte for byte, unless they changed since; taking back can be
taken back too. One JSON document with --json. Without BATCH and --last:
  [{ id, at, texts, files, undoes: null | id, undone }]   newest first
else
  { batchId, texts: [captionId], files: [path], photos: [id],
    left: { texts: [captionId], files: [{ file, error }] } }
The status is 1 where something was left as it is.`;

export function addUndoCommand(program: Command): void {
  program
    .command('undo')
    .description('take back what a person did at once, or list what can be taken back')
    .argument('[batch]', 'its id, as the list gives it')
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--last', 'take back the newest that still stands', false)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', document)
    .action((batch: string | undefined, { library, last, json }: Options) =>
      runCommand(() =>
        withStore(library, async (store) => {
          const { listBatches } = await import('#main/engine/undo/batches.ts');
          const id = batch ?? (last ? lastStanding(await listBatches(store)) : null);
          if (id === null) await printResult(await listBatches(store), json, describeBatches);
          else await undo(store, id, json);
        }),
      ),
    );
}

function lastStanding(batches: readonly UndoableBatch[]): string {
  const last = batches.find(({ undone, undoes }) => !undone && undoes === null);
  if (last !== undefined) return last.id;
  throw new MedleyError('bad-request', 'There is nothing to take back.');
}

async function undo(store: Store, batchId: string, json: boolean): Promise<void> {
  const { undoBatch } = await import('#main/engine/undo/undo-batch.ts');
  const undone = await undoBatch(store, batchId);
  const { left } = undone;
  if (left.texts.length + left.files.length > 0) process.exitCode = 1;
  if (!json) return printResult(undone, json, describeUndone);
  const { texts, files, assetIds } = undone;
  const failed = left.files.map(({ path, error }) => ({ file: path, error: error.message }));
  const result = { texts, files, photos: assetIds, left: { texts: left.texts, files: failed } };
  await printResult({ batchId: undone.batchId, ...result }, json, () => '');
}

function quantity(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

function describeBatches(batches: readonly UndoableBatch[]): string {
  if (batches.length === 0) return 'There is nothing to take back.';
  return batches
    .map(({ id, at, texts, files, undoes, undone }) => {
      const what = [
        ...(texts > 0 ? [quantity(texts, 'text')] : []),
        ...(files > 0 ? [quantity(files, 'file')] : []),
      ].join(', ');
      const notes = [
        ...(undoes === null ? [] : [`takes back ${undoes}`]),
        ...(undone ? ['taken back'] : []),
      ];
      const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
      return `${id}  ${at.slice(0, 19).replace('T', ' ')}  ${what}${note}`;
    })
    .join('\n');
}

function describeUndone({ batchId, texts, files, left }: UndoneBatch): string {
  return [
    `Taken back: ${quantity(texts.length, 'text')}, ${quantity(files.length, 'file')}. To do it again: medley undo ${batchId}`,
    ...left.texts.map((id) => `Left: text ${id}, which was decided about since`),
    ...left.files.map(({ error }) => `Left: ${error.message}`),
  ].join('\n');
}
