import { spawn } from 'node:child_process';
import { projectRoot } from './project-paths.ts';

/** A program that ends so soon with a failure never showed its window. */
const startMs = 8000;

/**
 * Runs the desktop app until it ends or `signal` is aborted.
 * @returns false where it could not start, as on a system that denies Chromium its sandbox.
 */
export function runElectron(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(program, [projectRoot, ...args], { stdio: 'inherit' });
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', () => resolve(false));
    child.once('exit', (status) => {
      signal.removeEventListener('abort', stop);
      resolve(signal.aborted || status === 0 || Date.now() - startedAt > startMs);
    });
  });
}
