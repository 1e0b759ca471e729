import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { MedleyError } from '#shared/errors.ts';

const LockHolder = z.object({
  pid: z.int(),
  /** When that process started, as the system tells it; null where it cannot be asked. */
  started: z.string().nullable(),
});
type LockHolder = z.infer<typeof LockHolder>;

/** A claim on a stale lock is taken over in milliseconds; an older one belongs to a dead process. */
const CLAIM_MS = 10_000;

/** The exclusive right to write what the lock file stands for. */
export interface ProcessLock {
  /** The process that held it before ended without letting go. */
  readonly afterCrash: boolean;
  release(): Promise<void>;
}

/** The error to fail with; `holder` names the living process that has the lock. */
export type Refusal = (holder: string) => MedleyError;

/**
 * Takes the lock file at `path`, from a dead process if need be.
 *
 * @throws MedleyError what `refusal` makes, when a living process holds it.
 */
export async function lockFile(path: string, refusal: Refusal): Promise<ProcessLock> {
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  const release = async () => {
    if ((await readIfThere(path)) === own) await rm(path, { force: true });
  };
  if (await createExclusively(path, own)) return { afterCrash: false, release };
  await takeOver(path, own, refusal);
  return { afterCrash: true, release };
}

/** Replaces a stale lock. The claim file lets one process do so at a time. */
async function takeOver(path: string, own: string, refusal: Refusal): Promise<void> {
  const claim = `${path}.claim`;
  if (!(await createExclusively(claim, own))) {
    const age = await stat(claim).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age < CLAIM_MS) throw refusal('another process that is just starting');
    await rm(claim, { force: true });
    await takeOver(path, own, refusal);
    return;
  }
  try {
    const holder = parseHolder(await readIfThere(path));
    if (holder !== null && (await isAlive(holder))) throw refusal(`process ${holder.pid}`);
    await rm(path, { force: true });
    if (!(await createExclusively(path, own))) {
      throw refusal('another process that is just starting');
    }
  } finally {
    await rm(claim, { force: true });
  }
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Null for a lock that was cut short while it was written: its process is dead. */
function parseHolder(text: string | null): LockHolder | null {
  try {
    return LockHolder.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

async function isAlive(holder: LockHolder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
  // The id may have gone to another process since.
  const started = await startOf(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

/** Boot id and start tick of a process, from /proc (proc(5)); null on other systems. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // Fields are counted after the command name, which may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot.trim()}:${fields[19]}`;
  } catch {
    return null;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
