import type { EventOf } from '#shared/api.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import type { TrainingStage } from '#shared/schemas/training.ts';
import { bytes, counted, duration, percent } from './quantity.ts';

/** What a task is: `Download of blip-large`. */
export function taskTitle({ kind, name }: Pick<Task, 'kind' | 'name'>): string {
  switch (kind) {
    case 'index':
      return 'Photos';
    case 'model-download':
      return `Download of ${name}`;
    case 'model-add':
      return `Reading of ${name}`;
    case 'model-verify':
      return `Check of ${name}`;
    case 'write-texts':
      return 'Texts into files';
    case 'check-site':
      return `Check of the pages in ${name}`;
    case 'write-pages':
      return `Texts into the pages in ${name}`;
    case 'adoption':
      return `Change to ${name}`;
    case 'training':
      return `Training of ${name}`;
  }
}

/** How far a task is, from 0 to 1; null while nobody can tell. */
export function shareOf({ done, total }: Pick<Task['progress'], 'done' | 'total'>): number | null {
  return total === null || total === 0 ? null : Math.min(1, done / total);
}

/** Bytes there are: `312 MB of 990 MB`. */
export function amountOf({ done, total }: Pick<Task['progress'], 'done' | 'total'>): string {
  return total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`;
}

/** How a task is going: `312 MB of 990 MB · 11.2 MB a second · about 1 minute left`. */
export function taskWords(task: Task): string {
  switch (task.kind) {
    case 'index':
      return withTime('Working', task);
    case 'model-download':
      return downloadWords(task);
    case 'model-add':
      return readingWords('Reading', task);
    case 'model-verify':
      return readingWords('Checking', task);
    case 'write-texts':
    case 'write-pages':
      return readingWords('Writing', task);
    case 'check-site':
      return readingWords('Looking at the pictures', task);
    case 'adoption':
      return readingWords('Looking at every photo', task);
    case 'training':
      return readingWords(trainingParts[task.stage], task);
  }
}

/** What a training does in each of its parts. */
const trainingParts: Readonly<Record<TrainingStage, string>> = {
  features: 'Looking at the photos',
  training: 'Learning',
  validation: 'Learning',
  comparison: 'Comparing before and after',
};

function downloadWords({ phase, progress }: Extract<Task, { kind: 'model-download' }>): string {
  if (phase === 'listing') return 'Asking what there is to download…';
  if (phase === 'checking') return `Checking ${amountOf(progress)}…`;
  const { rate } = progress;
  const amount = amountOf(progress);
  return withTime(rate === null ? amount : `${amount} · ${bytes(rate)} a second`, { progress });
}

function readingWords(doing: string, { progress }: Pick<Task, 'progress'>): string {
  const share = shareOf(progress);
  return share === null ? `${doing}…` : withTime(`${doing}: ${percent(share)}`, { progress });
}

function withTime(words: string, { progress }: Pick<Task, 'progress'>): string {
  const { secondsLeft } = progress;
  return secondsLeft === null ? words : `${words} · ${duration(secondsLeft)} left`;
}

/** How a task ended, in a word or two. */
export function endWords(task: Task): string {
  switch (task.state) {
    case 'done':
      return doneInShort(task);
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return task.kind === 'model-download' && task.progress.total !== null
        ? `Stopped at ${amountOf(task.progress)}`
        : 'Stopped';
    case 'running':
      return taskWords(task);
    case 'paused':
      return task.kind === 'training' ? 'Paused' : taskWords(task);
  }
}

/** A task that writes files, and tells which it could not. */
type WritingTask = Extract<Task, { kind: 'write-texts' | 'write-pages' }>;

export function isWriting(task: Task): task is WritingTask {
  return task.kind === 'write-texts' || task.kind === 'write-pages';
}

function doneInShort(task: Task): string {
  if (task.kind === 'model-verify') return 'Whole: every byte is as it should be';
  if (isWriting(task) && task.failed.length > 0) {
    return `Done, but for ${counted(task.failed.length, 'file')}: ${task.failed[0].error}`;
  }
  return 'Done';
}

/** What to tell somebody who is looking at something else when a task ends. */
export function endNotice(task: Task): EventOf<'notice'> | null {
  if (task.state === 'failed' && task.error !== null) {
    return { level: 'warning', message: task.error };
  }
  const words = task.state === 'done' ? doneWords(task) : null;
  return words === null ? null : { level: 'info', message: words };
}

function doneWords(task: Task): string | null {
  const { name, subject } = task;
  switch (task.kind) {
    case 'index':
      return null;
    case 'model-download':
      return `${name} is here and ready to use.`;
    case 'model-add':
      return `The model of ${subject} is ready to use.`;
    case 'model-verify':
      return `${name} is whole: every byte is as it should be.`;
    case 'write-texts':
      return task.failed.length === 0
        ? 'The texts are in the files.'
        : `${counted(task.failed.length, 'file')} could not be written; Activity says why.`;
    case 'write-pages':
      return task.failed.length === 0
        ? 'The texts are in the pages.'
        : `${counted(task.failed.length, 'text')} could not be written; Activity says why.`;
    case 'check-site':
      return null;
    case 'adoption':
      return `${name} is in use now.`;
    case 'training':
      return task.outcome?.better
        ? `The training is done, and ${task.outcome.model} is better.`
        : 'The training is done; the new model is kept aside. Training says why.';
  }
}
