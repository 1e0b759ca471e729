import type { UnfinishedDownload } from '#shared/schemas/models.ts';
import type { FileProgress, Task } from '#shared/schemas/tasks.ts';
import { amountOf, shareOf, taskWords } from './task-words.ts';

/** A download as its card shows it. */
export interface ShownDownload {
  readonly origin: string;
  readonly name: string;
  /** The id of the task that is at it; null where it has stopped. */
  readonly running: string | null;
  readonly share: number | null;
  readonly words: string;
  readonly files: readonly FileProgress[];
  /** Why it stopped, unless a person stopped it. */
  readonly error: string | null;
}

/** The downloads that run or failed, and those on disk that can be taken up. */
export function shownDownloads(
  tasks: readonly Task[],
  unfinished: readonly UnfinishedDownload[],
): ShownDownload[] {
  const shown = tasks.flatMap((task) =>
    task.kind === 'model-download' && (task.state === 'running' || task.state === 'failed')
      ? [ofTask(task)]
      : [],
  );
  const known = new Set(shown.map(({ origin }) => origin));
  return [...shown, ...unfinished.filter(({ origin }) => !known.has(origin)).map(ofDisk)];
}

function ofTask(task: Extract<Task, { kind: 'model-download' }>): ShownDownload {
  const running = task.state === 'running';
  return {
    origin: task.subject,
    name: task.name,
    running: running ? task.id : null,
    share: shareOf(task.progress),
    words: running ? taskWords(task) : stoppedWords(task.progress),
    files: task.files,
    error: task.error,
  };
}

function ofDisk(download: UnfinishedDownload): ShownDownload {
  const { origin, name, files } = download;
  const share = shareOf(download);
  return { origin, name, running: null, share, words: stoppedWords(download), files, error: null };
}

function stoppedWords(progress: Pick<UnfinishedDownload, 'done' | 'total'>): string {
  return progress.total === null ? 'Stopped' : `Stopped at ${amountOf(progress)}`;
}
