import type { Command } from 'commander';
import { MedleyError } from '#shared/errors.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { runCommand } from '../../run-command.ts';
import { addJsonOption, type JsonOption } from './words.ts';

interface Options extends JsonOption {
  readonly yes: boolean;
}

interface Removed {
  readonly name: string;
  /** The folder that was deleted; null where the files are the person's own and stay. */
  readonly deleted: string | null;
}

export function addModelRemoveCommand(parent: Command): void {
  const command = parent
    .command('remove')
    .description('take a model off the list; what Medley downloaded is deleted')
    .argument('<name>', 'name or id; also of a download that is not finished')
    .option('--yes', 'delete files without asking again', false);
  addJsonOption(command).action((name: string, { yes, json }: Options) =>
    runCommand(async () => printResult(await remove(name, yes), json, describe)),
  );
}

async function remove(given: string, yes: boolean): Promise<Removed> {
  const { requireListed } = await import('#main/models/find-model.ts');
  const { stoppedDownloads } = await import('#main/models/staging.ts');
  const { discardDownload, isDownloaded, removeModel } =
    await import('#main/models/remove-model.ts');
  const home = openModelsHome();
  const stopped = await stoppedDownloads(home.folder);
  const unfinished = stopped.find(({ origin }) => origin === given);
  if (unfinished !== undefined) {
    const bytes = unfinished.done.reduce((sum, size) => sum + size, 0);
    requireYes(yes, unfinished.folder, bytes);
    await discardDownload(home, unfinished.origin);
    return { name: unfinished.name, deleted: unfinished.folder };
  }
  const entry = await requireListed(home, given);
  if (isDownloaded(entry)) {
    const bytes = entry.files.reduce((sum, { size }) => sum + size, 0);
    requireYes(yes, entry.folder, bytes);
  }
  const { name, folder } = await removeModel(home, entry.name);
  return { name, deleted: isDownloaded(entry) ? folder : null };
}

function requireYes(yes: boolean, folder: string, bytes: number): void {
  if (yes) return;
  throw new MedleyError(
    'bad-request',
    `This deletes ${folder} (${formatBytes(bytes)}). Add --yes to do it.`,
    { subject: folder },
  );
}

function describe({ name, deleted }: Removed): string {
  return deleted === null
    ? `Forgot ${name}; its folder stays.`
    : `Removed ${name} and deleted ${deleted}.`;
}
