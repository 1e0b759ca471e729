import type { Command } from 'commander';
import type { DownloadProgress } from '#main/models/download-model.ts';
import type { ModelEntry } from '#main/models/model-entry.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import type { TaskProgress } from '#shared/schemas/tasks.ts';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { describeTime, openStatusLine } from '../../progress-line.ts';
import { runCommand } from '../../run-command.ts';
import { addJsonOption, rolesInWords, type JsonOption } from './words.ts';

interface Options extends JsonOption {
  readonly revision?: string;
  readonly endpoint?: string;
}

export function addModelDownloadCommand(parent: Command): void {
  const command = parent
    .command('download')
    .description('download a model, or go on with a download')
    .argument('<id>', 'id on the Hugging Face hub, or the address of an original .pth file')
    .option('--revision <revision>', 'branch, tag or commit on the hub')
    .option('--endpoint <url>', 'another hub (default: HF_ENDPOINT, or https://huggingface.co)');
  addJsonOption(command).action((id: string, options: Options) =>
    runCommand(async (signal) =>
      printResult(await download(id, options, signal), options.json, describe),
    ),
  );
}

async function download(
  source: string,
  options: Options,
  signal: AbortSignal,
): Promise<ModelEntry> {
  const { downloadModel } = await import('#main/models/download-model.ts');
  const { chooseHub } = await import('#main/models/hub/endpoint.ts');
  const progress = await showProgress();
  try {
    return await downloadModel(openModelsHome(), {
      source,
      revision: options.revision,
      hub: chooseHub(options.endpoint),
      signal,
      onProgress: progress.show,
    });
  } finally {
    progress.end();
  }
}

async function showProgress(): Promise<{ show(progress: DownloadProgress): void; end(): void }> {
  const { WorkMeter } = await import('#main/engine/progress/work-meter.ts');
  const { totalsOf } = await import('#main/models/list-models.ts');
  const meter = new WorkMeter('bytes');
  const line = openStatusLine();
  return {
    show: (progress) => {
      const { done, total } = totalsOf(progress.files);
      meter.update(done, total, progress.phase === 'fetching');
      line.show(progressLine(progress, meter.progress));
    },
    end: () => line.end(),
  };
}

/** As `model.safetensors · 312 MB of 990 MB · 11.2 MB/s · 61 s left`. */
function progressLine({ phase, files }: DownloadProgress, progress: TaskProgress): string {
  const { done, total, rate, secondsLeft } = progress;
  if (phase === 'listing') return 'Asking the hub…';
  const of = total === null ? '' : ` of ${formatBytes(total)}`;
  if (phase === 'checking') return `Checking ${formatBytes(done)}${of}…`;
  const current = files.find((file) => file.total === null || file.done < file.total);
  return [
    ...(current === undefined ? [] : [current.name]),
    `${formatBytes(done)}${of}`,
    ...(rate === null ? [] : [`${formatBytes(rate)}/s`]),
    ...(secondsLeft === null ? [] : [`${describeTime(secondsLeft)} left`]),
  ].join(' · ');
}

function describe({ name, folder, facts, origin, revision }: ModelEntry): string {
  const from = revision === null ? origin : `${origin} at ${revision.slice(0, 12)}`;
  return `Downloaded ${name} (${from}): ${rolesInWords(facts.roles)}, in ${folder}. Use it with --model ${name}.`;
}
