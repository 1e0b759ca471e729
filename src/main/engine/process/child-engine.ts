import { fork } from 'node:child_process';
import type { EngineProcess } from './host.ts';
import { engineArguments, type EngineProcessOptions } from './process-arguments.ts';
import { engineEnvironment } from './process-environment.ts';

/** How long a stopping engine may take to finish its writes before it is killed. */
const graceMs = 10_000;

/**
 * Starts the engine as a child process of Node. It ends by itself when this process is gone: its
 * channel closes then.
 * @param entry `process.ts`, or the file it is bundled into.
 * @param node the Node program to run it under; this very one unless named.
 */
export function forkEngine(
  entry: string,
  options: EngineProcessOptions,
  node: string = process.execPath,
): EngineProcess {
  const child = fork(entry, engineArguments(options), {
    execPath: node,
    env: engineEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A program with a window has no console, and Windows would open one for its child.
    windowsHide: true,
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
