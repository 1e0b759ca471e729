import type { Command } from 'commander';
import type { ListedAsset, ListedCaption } from '#main/store/list-assets.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly library: string;
  readonly json: boolean;
}

const document = `
One JSON document with --json:
  [{ id, pictureId, files: [{ path, missing: null | "vanished" | "unreachable" }],
     captions: [{ id, text, origin: "person" | "imported" | "machine", field, modelId, confirmed,
                  scores: [{ modelId, value }] }],
     vectors: [modelId] }]`;

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('show what a library holds: photos with their files, captions and scores')
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', document)
    .action(({ library, json }: Options) =>
      runCommand(async () => {
        const assets = await list(library);
        await printResult(assets, json, describe);
      }),
    );
}

async function list(library: string): Promise<ListedAsset[]> {
  const { openStore, requireLibrary } = await import('#main/store/store.ts');
  const { listAssets } = await import('#main/store/list-assets.ts');
  await requireLibrary(library);
  const store = await openStore(library);
  try {
    return await listAssets(store);
  } finally {
    await store.close();
  }
}

function describe(assets: readonly ListedAsset[]): string {
  return [...assets.map(describeAsset), `${assets.length} photos.`].join('\n');
}

function describeAsset({ id, files, captions, vectors }: ListedAsset): string {
  return [
    id,
    ...files.map(({ path, missing }) => row('file', missing ?? '', path)),
    ...captions.map((caption) => row(caption.origin, standing(caption), caption.text)),
    ...vectors.map((modelId) => row('vector', '', modelId)),
    '',
  ].join('\n');
}

function row(kind: string, note: string, text: string): string {
  return `  ${kind.padEnd(9)} ${note.padEnd(16)} ${text}`.trimEnd();
}

function standing({ confirmed, scores }: ListedCaption): string {
  const values = scores.map(({ value }) => value.toFixed(3));
  return [...(confirmed ? ['confirmed'] : []), ...values].join(' ');
}
