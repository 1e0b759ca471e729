import { fork } from 'node:child_process';
import { MedleyError } from '#shared/errors.ts';
import { engineEnvironment } from '../process/process-environment.ts';
import type { FromTraining, ToTraining } from './training-messages.ts';

/** Beside this file, or beside the bundle that holds it. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './training-process.ts' : './training.js',
  import.meta.url,
);

/** How a process that trains ended. */
export type TrainingEnd = Extract<FromTraining, { type: 'done' | 'failed' }>;

export interface TrainingChild {
  readonly ended: Promise<TrainingEnd>;
  /** Has it write where it stands, and end. */
  putDown(): void;
}

export interface TrainingListeners {
  readonly onProgress: (progress: Extract<FromTraining, { type: 'progress' }>['progress']) => void;
  /** Resolves when it may take a step. */
  readonly beforeStep: () => Promise<void>;
}

export type StartTraining = (folder: string, listeners: TrainingListeners) => TrainingChild;

/** Starts, or goes on with, the training of a folder in a process of its own. */
export const startTraining: StartTraining = (folder, { onProgress, beforeStep }) => {
  const child = fork(entry, [folder], {
    env: engineEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    windowsHide: true,
  });
  const send = (message: ToTraining) => {
    if (child.connected) child.send(message, () => {});
  };
  const ended = new Promise<TrainingEnd>((resolve) => {
    let end: TrainingEnd = { type: 'failed', error: stopped };
    child.on('message', (message: FromTraining) => {
      switch (message.type) {
        case 'progress':
          return onProgress(message.progress);
        case 'ask':
          return void beforeStep().then(() => send({ type: 'go' }));
        case 'done':
        case 'failed':
          end = message;
      }
    });
    child.once('error', () => resolve(end));
    child.once('close', () => resolve(end));
  });
  return { ended, putDown: () => send({ type: 'put-down' }) };
};

const stopped = new MedleyError(
  'engine-stopped',
  'The training stopped unexpectedly, as when its device is lost or memory runs out. It can go on from where it last wrote its state.',
);
