import type { Command } from 'commander';
import type { ListedAsset } from '#main/store/list-assets.ts';
import type { Store } from '#main/store/store.ts';
import { describeListed } from '../asset-text.ts';
import { withStore } from '../opened-store.ts';
import { print, printJsonList } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { outputWidth } from '../text-rows.ts';

interface Options {
  readonly library: string;
  readonly json: boolean;
}

const document = `
One JSON document with --json, photos in the order of ids:
  [{ id, pictureId, contentId,
     files: [{ path, role: "photo" | "raw" | "film" | "sidecar" | "text" | "takeout",
               missing: null | "vanished" | "unreachable", contentId }],
     taken: null | { text, source,
                     precision: "year" | "month" | "day" | "time" },
     location: null | { latitude, longitude }, camera, lens, exposure,
     keywords: [text],
     captions: [{ id, text, origin: "person" | "imported" | "machine",
                  field, file, modelId, scores: [{ modelId, value }], confirmed,
                  verdict: null | { verdict: "confirmed" | "withdrawn" | "rejected",
                                    by, reason, createdAt } }],
     notices: [text],
     failures: [{ file, stage, modelId, code, error }],
     vectors: [modelId] }]
A photo whose taken is null is undated. The file of a caption is the one beside
the photo that says it; null when the photo itself does. Captions that were
rejected are left out; "medley show" has them. What is not known is null.`;

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('show what a library holds: photos with their files, facts, captions and scores')
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', document)
    .action(({ library, json }: Options) =>
      runCommand(async () => {
        const { listAssets } = await import('#main/store/list-assets.ts');
        await withStore(library, (store) =>
          json ? printJsonList(listAssets(store)) : printText(store, listAssets(store)),
        );
      }),
    );
}

async function printText(store: Store, assets: AsyncIterable<ListedAsset>): Promise<void> {
  const width = outputWidth();
  let undated = 0;
  for await (const asset of assets) {
    if (asset.taken === null) undated += 1;
    await print(`${describeListed(asset, width)}\n`);
  }
  await print(describeCounts(store, undated));
}

function describeCounts({ tables }: Store, undated: number): string {
  const { size } = tables.assets.ids();
  const outside = [...tables.files.all()].filter(
    ({ assetId, missing }) => assetId === null && missing === null,
  ).length;
  return [
    `${size} ${size === 1 ? 'photo' : 'photos'}, ${undated} undated.`,
    ...(outside === 0
      ? []
      : [`${outside} files of the folders are not in the library; "medley index" says why.`]),
  ].join(' ');
}
