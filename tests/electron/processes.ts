import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The processes below one, itself included, as `ps` lists them. */
export async function processTree(root: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree) {
    for (const [pid, ppid] of rows) if (ppid === parent && pid !== undefined) tree.push(pid);
  }
  return tree;
}

/** Those of `pids` that still run. */
export function stillRunning(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}
