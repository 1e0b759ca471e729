import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Commands that start another with mounts of its own: as root, and as whoever may be root there. */
const ways = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
];
const root = join(import.meta.dirname, '../..');

/**
 * Runs Node where `disk` is a disk in memory that holds so many bytes. It goes with the process.
 *
 * @param args of Node, from the repository's root
 */
export type RunOnSmallDisk = (
  bytes: number,
  args: (disk: string) => string[],
) => SpawnSyncReturns<string>;

/** How to run on a small disk here; null, said aloud, where no disk can be mounted. */
export function smallDisk(): RunOnSmallDisk | null {
  const way = ways.find((each) => start(each, 65_536, ['-e', '']).status === 0);
  if (way === undefined) {
    console.warn('SKIPPED: no small disk can be mounted here (unshare and mount of tmpfs failed).');
    return null;
  }
  return (bytes, args) => start(way, bytes, args(disk));
}

const disk = mkdtempSync(join(tmpdir(), 'medley-small-disk-'));

function start(
  [command, ...options]: readonly string[],
  bytes: number,
  args: readonly string[],
): SpawnSyncReturns<string> {
  const mount = `mount -t tmpfs -o size=${bytes} tmpfs "${disk}" && exec "$@"`;
  return spawnSync(command, [...options, 'sh', '-c', mount, 'sh', process.execPath, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}
