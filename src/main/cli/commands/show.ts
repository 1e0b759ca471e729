import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describeShown } from '../asset-text.ts';
import { withStore } from '../opened-store.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { outputWidth } from '../text-rows.ts';

interface Options {
  readonly library: string;
  readonly json: boolean;
}

const document = `
One JSON document with --json: what "medley list --json" says of a photo, and
  { picture: null | { format, bytes, width, height, addedAt },
    observations: [{ contentId, field, value, path, readAt, source:
                     "embedded" | "sidecar" | "text" | "takeout" | "table" | "page" }],
    formerCaptions: [{ id, text, origin, field, modelId, createdAt }] }
An observation is what a file says of the photo in one field, as it was read.
Its path is null where the photo itself says it. A former caption spoke of the
photo as it was before it was edited.`;

export function addShowCommand(program: Command): void {
  program
    .command('show')
    .description('show all that a library knows of a photo')
    .argument(
      '<photo>',
      'its id, as "medley list" prints it, the beginning of that, or a file of it',
    )
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', document)
    .action((photo: string, { library, json }: Options) =>
      runCommand(async () => {
        const { findAsset } = await import('#main/store/find-asset.ts');
        const { showAsset } = await import('#main/store/show-asset.ts');
        const paths = await pathsOf(photo);
        await withStore(library, async (store) => {
          const asset = await showAsset(store, findAsset(store, photo, paths));
          await printResult(asset, json, (shown) => describeShown(shown, outputWidth()));
        });
      }),
    );
}

/** The path that a photo was given by, and the one that an import would find it under. */
async function pathsOf(photo: string): Promise<string[]> {
  const path = givenPath(photo);
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return [path, join(folder, basename(path))];
}
