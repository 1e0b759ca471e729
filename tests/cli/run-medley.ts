import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

export const projectRoot = join(import.meta.dirname, '..', '..');
export const tinyModel = join(projectRoot, 'tests', 'fixtures', 'tiny-model');

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  script?: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Hears stderr as it comes. */
  onLog?: (text: string, child: ChildProcess) => void;
  /** Hears stdout as it comes. */
  onOutput?: (text: string, child: ChildProcess) => void;
}

/** Runs the command line as a process of its own, to its end. */
export function runMedley(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const script = resolve(projectRoot, 'src/main/cli', options.script ?? 'medley.ts');
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd ?? projectRoot,
    // As if called without npm, which sets this for the tests themselves.
    env: { ...process.env, INIT_CWD: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
    options.onOutput?.(stdout, child);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
    options.onLog?.(stderr, child);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

export interface StopOptions extends Pick<RunOptions, 'script' | 'env'> {
  signal: NodeJS.Signals;
  /** Text that it prints before it is signalled. */
  after: string;
  /** Whether it is signalled again when it says that it stops. */
  again?: boolean;
}

/** Runs the command line, signals it, and says how it ended, and how long after the signal. */
export async function stopMedley(args: readonly string[], options: StopOptions) {
  const { signal, after, again = false, ...rest } = options;
  let signalled = Infinity;
  const watch = (text: string, child: ChildProcess) => {
    if (again && text.includes('Stopping')) child.kill(signal);
    if (signalled < Infinity || !text.includes(after)) return;
    signalled = performance.now();
    child.kill(signal);
  };
  const { status } = await runMedley(args, { ...rest, onLog: watch, onOutput: watch });
  return { status, seconds: (performance.now() - signalled) / 1000 };
}
