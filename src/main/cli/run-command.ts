import { requireFileHandles } from '#main/store/file-handles.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { log } from './output.ts';
import { interruptedStatus, stopSignal } from './stop-signal.ts';

/**
 * Runs a command to its end and ends the process: status 0, or 1 with a one-line reason on
 * stderr, or 130 after Ctrl+C. `run` may set `process.exitCode` for a partial failure.
 */
export async function runCommand(run: (signal: AbortSignal) => Promise<void>): Promise<never> {
  // A reader that has seen enough, as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  try {
    await requireFileHandles();
    await run(stopSignal());
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
  // Native threads of the model and the store would keep the process waiting.
  process.exit();
}

function reportFailure(error: unknown): number {
  if (error instanceof MedleyError && error.code === 'cancelled') return interruptedStatus;
  log(`medley: ${oneLine(messageOf(error))}`);
  if (process.env.MEDLEY_DEBUG && error instanceof Error) log(error.stack ?? '');
  return 1;
}

function oneLine(message: string): string {
  return message.trim().replace(/\s*\n\s*/g, ' ');
}
