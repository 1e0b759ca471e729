import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface FuzzResult {
  /** Files that ended the process that decoded them. */
  readonly crashed: readonly number[];
  /** Files that took longer than {@link PATIENCE_MS}. */
  readonly hung: readonly number[];
  /** Most memory resident in a process, in bytes. */
  readonly peak: number;
}

const PATIENCE_MS = 60_000;
const EACH_PROCESS = 1000;

/** Decodes `count` mutated files of a format, a thousand in each process. */
export async function fuzzPictures(
  format: string,
  seed: number,
  count: number,
): Promise<FuzzResult> {
  const crashed: number[] = [];
  const hung: number[] = [];
  let peak = 0;
  for (let first = 0; first < count;) {
    const end = Math.min(count, first + EACH_PROCESS);
    const run = await runProcess(format, seed, first, end - first);
    peak = Math.max(peak, run.peak);
    if (run.ended === 'whole') first = end;
    else {
      (run.ended === 'hung' ? hung : crashed).push(run.last);
      first = run.last + 1;
    }
  }
  return { crashed, hung, peak };
}

async function runProcess(format: string, seed: number, first: number, count: number) {
  const program = join(import.meta.dirname, 'picture-process.ts');
  const child = fork(program, [format, seed, first, count].map(String), { stdio: 'ignore' });
  let [last, peak, isHung] = [first, 0, false];
  const giveUp = () => {
    isHung = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(giveUp, PATIENCE_MS);
  child.on('message', (message: { index: number } | { peak: number }) => {
    if ('peak' in message) peak = message.peak;
    else last = message.index;
    clearTimeout(timer);
    timer = setTimeout(giveUp, PATIENCE_MS);
  });
  const [status] = await once(child, 'exit');
  clearTimeout(timer);
  const ended = isHung ? 'hung' : status === 0 ? 'whole' : 'crashed';
  return { ended, last, peak } as const;
}
