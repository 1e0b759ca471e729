import { MedleyError } from '#shared/errors.ts';
import { log } from './output.ts';

/** The exit status of a process that Ctrl+C ended (128 + SIGINT). */
export const interruptedStatus = 130;

/** How long a command may take to finish its writes: longer than an engine process of its own may. */
const graceMs = 12_000;

/**
 * A signal that Ctrl+C and SIGTERM abort, so that a command can finish its writes. The process ends
 * at once at a second one, and in any case within {@link graceMs}.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const end = () => process.exit(interruptedStatus);
  const stop = () => {
    if (controller.signal.aborted) end();
    // In place of a line of progress, into which a terminal has just written ^C.
    log(process.stderr.isTTY ? '\r\u001b[KStopping…' : 'Stopping…');
    controller.abort(new MedleyError('cancelled', 'Stopped.'));
    setTimeout(end, graceMs).unref();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

/** Rejects with the signal's reason when it is aborted, else settles as `work` does. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
