import { utilityProcess } from 'electron';
import type { EngineProcess } from '#main/engine/process/host.ts';
import {
  engineArguments,
  type EngineProcessOptions,
} from '#main/engine/process/process-arguments.ts';
import { engineEnvironment } from '#main/engine/process/process-environment.ts';

/**
 * Starts the engine as a utility process of Electron.
 * @param entry the bundled engine process.
 */
export function startUtilityEngine(entry: string, options: EngineProcessOptions): EngineProcess {
  const child = utilityProcess.fork(entry, engineArguments(options), {
    env: engineEnvironment(),
    serviceName: 'Medley engine',
    stdio: 'inherit',
  });
  return {
    transport: {
      send: (message) => child.postMessage(message),
      listen: (onMessage, onClose) => {
        child.on('message', onMessage);
        child.once('exit', onClose);
      },
    },
    stop: () => void child.kill(),
  };
}
