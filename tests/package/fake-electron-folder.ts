import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Electron marks with it where its fuses are: then a version, their number, and one digit each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** In their order; electronjs.org, "Electron Fuses". */
const names = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;
/** As a release has them. */
const released = '10110001';

/** Writes what electron-builder needs of an unpacked Electron: a program with fuses, and a version. */
export async function fakeElectronFolder(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  const program = `${sentinel}\u0001${String.fromCharCode(names.length)}${released}`;
  await writeFile(join(folder, 'electron'), program, { mode: 0o755 });
  await writeFile(join(folder, 'version'), version);
}

/** The fuses that are on in a program of Electron. */
export async function fusesOf(program: string): Promise<string[]> {
  const text = await readFile(program, 'latin1');
  const wire = text.slice(text.indexOf(sentinel) + sentinel.length + 2);
  return names.filter((_, index) => wire[index] === '1');
}
