import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why the children of a process cannot be listed here; null where they can. */
export const noProcessList = process.platform === 'linux' ? null : 'processes are listed on Linux';

/** The running processes that a process started, and those they started, whose command holds a text. */
export function childProcesses(parent: number, command: string): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || parentOf(pid) !== parent) continue;
    if (commandOf(pid).includes(command)) found.push(pid);
    found.push(...childProcesses(pid, command));
  }
  return found;
}

/** Ends a process at once, if it is still there. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** The fields after the name, which may hold any character (proc(5)). */
function parentOf(pid: number): number {
  const [, parent] = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return Number(parent);
}

const commandOf = (pid: number) => read(pid, 'cmdline').replaceAll('\0', ' ');

/** Empty for a process that has gone. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(join('/proc', String(pid), name), 'utf8');
  } catch {
    return '';
  }
}
