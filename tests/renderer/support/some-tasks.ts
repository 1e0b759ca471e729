import type { Task } from '#shared/schemas/tasks.ts';

type DownloadTask = Extract<Task, { kind: 'model-download' }>;
type TrainingTask = Extract<Task, { kind: 'training' }>;
type ReadingTask = Extract<Task, { kind: 'model-add' | 'model-verify' }>;

const facts = {
  state: 'running',
  startedAt: '2026-01-01T10:00:00Z',
  endedAt: null,
  error: null,
  can: { cancel: true, pause: false, resume: false, dismiss: false },
} as const;

/** A download of `someone/NAME` under way. */
export function downloadTask(name: string, change: Partial<DownloadTask> = {}): DownloadTask {
  return {
    ...facts,
    id: `task ${name}`,
    kind: 'model-download',
    subject: `someone/${name}`,
    name,
    phase: 'fetching',
    files: [],
    progress: { done: 312e6, total: 990e6, unit: 'bytes', rate: 11.2e6, secondsLeft: 61 },
    ...change,
  };
}

/** A check of the model in `/models/NAME` under way. */
export function readingTask(name: string, change: Partial<ReadingTask> = {}): ReadingTask {
  return {
    ...facts,
    id: `task ${name}`,
    kind: 'model-verify',
    subject: `/models/${name}`,
    name,
    progress: { done: 31, total: 100, unit: 'bytes', rate: 1, secondsLeft: 61 },
    ...change,
  };
}

/** The background work on the photos, under way. */
export function indexTask(change: Partial<Task> = {}): Task {
  return {
    ...facts,
    id: 'index',
    subject: '/library',
    name: 'library',
    progress: { done: 3, total: 10, unit: 'steps', rate: null, secondsLeft: null },
    ...change,
    kind: 'index',
  };
}

/** A check of the pages in `/www`, under way. */
export function siteTask(change: Partial<Task> = {}): Task {
  return {
    ...facts,
    id: 'site',
    subject: '/www',
    name: 'www',
    progress: { done: 3, total: 10, unit: 'steps', rate: null, secondsLeft: null },
    ...change,
    kind: 'check-site',
  };
}

/** A training of `NAME` under way. */
export function trainingTask(name: string, change: Partial<TrainingTask> = {}): TrainingTask {
  return {
    ...facts,
    id: `task ${name}`,
    kind: 'training',
    subject: 'training',
    name,
    progress: { done: 40, total: 80, unit: 'steps', rate: null, secondsLeft: 61 },
    goal: 'retrieval',
    imageBlocks: 2,
    stage: 'training',
    photos: 200,
    captions: 201,
    unreadable: 0,
    losses: [],
    epochs: [],
    outcome: null,
    ...change,
  };
}
