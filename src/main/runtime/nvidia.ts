import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The first NVIDIA card, as its driver describes it. */
export interface NvidiaCard {
  readonly name: string;
  readonly driver: string;
  /** The newest CUDA the driver runs, as `13.0`; null when it does not say. */
  readonly cuda: string | null;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

const timeoutMs = 5000;

/** Asks the driver's own program; null where there is none or it finds no card. */
export async function nvidiaCard(): Promise<NvidiaCard | null> {
  const card = await smi(
    '--query-gpu=name,driver_version,memory.total,memory.free',
    '--format=csv,noheader,nounits',
  );
  return card === '' ? null : parseCard(card, await smi('-q', '-d', 'COMPUTE'));
}

/** Reads one line of `--query-gpu` (memory in MiB) and the report of `-q`. */
export function parseCard(line: string, report: string): NvidiaCard | null {
  const [name, driver, total, free] = line
    .split('\n')[0]
    .split(',')
    .map((part) => part.trim());
  if (!name || !driver || !Number(total)) return null;
  return {
    name,
    driver,
    cuda: /CUDA Version\s*:\s*(\d+\.\d+)/.exec(report)?.[1] ?? null,
    totalBytes: Number(total) * 2 ** 20,
    freeBytes: Number(free) * 2 ** 20,
  };
}

async function smi(...args: string[]): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run('nvidia-smi', args, { timeout: timeoutMs }).catch(() => ({
    stdout: '',
  }));
  return stdout.trim();
}
