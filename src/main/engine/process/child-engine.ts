import { fork } from 'node:child_process';
import type { EngineProcess } from './host.ts';
import { engineArguments, type EngineProcessOptions } from './process-arguments.ts';
import { engineEnvironment } from './process-environment.ts';

/** How long a stopping engine may take to finish its writes before it is killed. */
const graceMs = 10_000;

/**
 * Starts the engine as a child of this Node process.
 * @param entry `process.ts`, or the file it is bundled into.
 */
export function forkEngine(entry: string, options: EngineProcessOptions): EngineProcess {
  const child = fork(entry, engineArguments(options), {
    env: engineEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    transport: {
      send: (message) => {
        // Without a callback a channel that has just closed raises an error event.
        if (child.connected) child.send(message, () => {});
      },
      listen: (onMessage, onClose) => {
        let closed = false;
        const close = () => {
          if (!closed) onClose();
          closed = true;
        };
        child.on('message', onMessage);
        child.once('exit', close);
        child.once('error', close);
      },
    },
    stop: () => {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.once('exit', () => clearTimeout(timer));
    },
  };
}
