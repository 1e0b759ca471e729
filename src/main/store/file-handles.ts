import { readFile } from 'node:fs/promises';
import { tooFewHandles } from './store-failed.ts';

/** With fewer the database's own library ends the process without a word, even as it loads. */
const leastHandles = 256;

/**
 * Refuses to begin with too few file handles.
 *
 * @throws MedleyError `too-few-handles`
 */
export async function requireFileHandles(): Promise<void> {
  // Only Linux tells (proc(5)); macOS and Windows begin with enough.
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, most = 'unlimited'] = /^Max open files\s+(\d+|unlimited)/m.exec(limits) ?? [];
  if (most !== 'unlimited' && Number(most) < leastHandles) throw tooFewHandles(`ulimit -n ${most}`);
}
