import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface MemoryPeaks {
  /** Most memory that this process had at any time, in bytes. */
  readonly peakBytes: number;
  /**
   * Most GPU memory in use at a sample, less that at the start, in bytes; null without nvidia-smi.
   * Other processes on the GPU count too: the driver does not tell them apart in a container.
   */
  readonly gpuBytes: number | null;
}

export interface MemoryMeter {
  /** Looks at the GPU now. */
  sample(): Promise<void>;
  peaks(): MemoryPeaks;
}

/** Starts to measure memory: what the GPU holds now is taken as not ours. */
export async function memoryMeter(): Promise<MemoryMeter> {
  const before = await gpuBytesInUse();
  let most = before;
  return {
    async sample() {
      const now = await gpuBytesInUse();
      if (now !== null) most = Math.max(most ?? 0, now);
    },
    peaks: () => ({
      // Node gives kilobytes on every system.
      peakBytes: process.resourceUsage().maxRSS * 1024,
      gpuBytes: before === null || most === null ? null : most - before,
    }),
  };
}

async function gpuBytesInUse(): Promise<number | null> {
  try {
    const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits'];
    const { stdout } = await promisify(execFile)('nvidia-smi', query);
    const mebibytes = stdout.trim().split('\n').map(Number);
    return mebibytes.reduce((sum, each) => sum + each, 0) * 2 ** 20;
  } catch {
    return null;
  }
}
