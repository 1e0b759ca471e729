import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { findElectron } from '../electron-binary.ts';
import { attempt, ok, type Check } from './check.ts';

const reinstall = 'Run: npm ci';

/** The native parts that Medley stands on, loaded here for the first time. */
export async function partChecks(): Promise<Check[]> {
  return [
    await attempt('sharp', 'broken', reinstall, sharpVersion),
    await attempt('LanceDB', 'broken', reinstall, useLanceDb),
    await attempt(
      'exiftool',
      'off',
      'Install Perl, and run: npm ci. Without exiftool, capture times are not read.',
      useExiftool,
    ),
    windowCheck(),
  ];
}

async function sharpVersion(): Promise<string> {
  const { versions } = (await import('sharp')).default;
  return `${versions.sharp}, libvips ${versions.vips}`;
}

async function useLanceDb(): Promise<string> {
  const { connect } = await import('#main/store/lancedb.ts');
  const folder = await mkdtemp(join(tmpdir(), 'medley-doctor-'));
  try {
    const database = await connect(folder);
    await database.createTable('check', [{ id: 1 }]);
    database.close();
    return 'writes a table';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function useExiftool(): Promise<string> {
  const reader = new MetadataReader();
  try {
    const problem = await reader.problem();
    if (problem !== null) throw new Error(problem);
    return 'answers';
  } finally {
    await reader.close();
  }
}

function windowCheck(): Check {
  const electron = findElectron();
  return electron === null
    ? {
        name: 'Electron',
        state: 'off',
        detail: 'Not installed: the interface opens in the browser.',
        remedy: null,
      }
    : ok('Electron', electron);
}
