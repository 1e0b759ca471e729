import { rm, rmdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The name that ONNX Runtime gave this machine, and what it kept to post (an SQLite database). */
const names = [
  'deviceid',
  ...['', '-journal', '-shm', '-wal', '.ses'].map((end) => `onnxruntime.db${end}`),
];

/**
 * Deletes what ONNX Runtime kept of Medley's runs, as earlier versions of Medley let it. On Windows
 * it keeps nothing.
 *
 * @param folder where it keeps it
 */
export async function removeTelemetryStore(folder = telemetryFolder()): Promise<void> {
  if (folder === null) return;
  // A file that cannot be deleted is never sent either.
  for (const name of names) await rm(join(folder, name), { force: true }).catch(() => {});
  await rmdir(folder).catch(() => {});
}

/** As ONNX Runtime 1.30 composes it; null on systems where it has none. */
export function telemetryFolder(
  platform = process.platform,
  cacheHome = process.env['XDG_CACHE_HOME'] ?? '',
): string | null {
  const below = join('Microsoft', 'DeveloperTools', '.onnxruntime');
  switch (platform) {
    case 'linux':
      return join(isAbsolute(cacheHome) ? cacheHome : join(homedir(), '.cache'), below);
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', below);
    default:
      return null;
  }
}
