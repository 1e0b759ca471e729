import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { MedleyError } from '#shared/errors.ts';
import { asDiskFull } from './disk-full.ts';
import { asReadOnly } from './read-only.ts';

const LockHolder = z.object({
  pid: z.int(),
  /** When that process started, as the system tells it; null where it cannot be asked. */
  started: z.string().nullable(),
});
type LockHolder = z.infer<typeof LockHolder>;

/** A lock is written in milliseconds; one cut short that is older belongs to a dead process. */
const WRITTEN_MS = 10_000;

const justStarting = 'another process that is just starting';

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
 * @throws MedleyError what `refusal` makes, when a living process holds it; `disk-full`,
 *   `folder-read-only`
 */
export async function lockFile(path: string, refusal: Refusal): Promise<ProcessLock> {
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  const afterCrash = await take(path, own, refusal).catch((error: unknown) => {
    throw asReadOnly(error, dirname(path));
  });
  const release = async () => {
    if ((await readIfThere(path)) === own) await rm(path, { force: true });
  };
  return { afterCrash, release };
}

/**
 * Takes a lock that is free or that a dead process has. Who would replace the lock of a dead process
 * first takes another, named after what that lock holds: so one process at a time does, and one that
 * comes late finds that the lock holds something else by now. A process that dies in between leaves
 * that other lock behind, to be taken in the same way.
 *
 * @returns whether a dead process had it.
 */
async function take(path: string, own: string, refusal: Refusal): Promise<boolean> {
  if (await createExclusively(path, own)) return false;
  const found = await readIfThere(path);
  // It was let go this moment.
  if (found === null) return take(path, own, refusal);
  const holder = await livingHolder(path, found);
  if (holder !== null) throw refusal(holder);
  const claim = `${path}.${createHash('sha256').update(found).digest('hex').slice(0, 12)}`;
  await take(claim, own, refusal);
  try {
    if ((await readIfThere(path)) !== found) throw refusal(justStarting);
    await rm(path);
    if (!(await createExclusively(path, own))) throw refusal(justStarting);
  } finally {
    await rm(claim, { force: true });
  }
  return true;
}

/** The living process that a lock's content speaks of; null when it is dead. */
async function livingHolder(path: string, content: string): Promise<string | null> {
  const holder = parseHolder(content);
  if (holder !== null) return (await isAlive(holder)) ? `process ${holder.pid}` : null;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs < WRITTEN_MS ? justStarting : null;
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // A full disk takes the file, but not what is in it.
    await rm(path, { force: true });
    throw asDiskFull(error, path);
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

/** Null for a lock that is not written to its end. */
function parseHolder(text: string): LockHolder | null {
  try {
    return LockHolder.parse(JSON.parse(text));
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
