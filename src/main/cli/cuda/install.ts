import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { requireSpace } from '#main/models/free-space.ts';
import type { Hub } from '#main/models/hub/endpoint.ts';
import { fetchFile } from '#main/models/hub/fetch-file.ts';
import { MedleyError } from '#shared/errors.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import { findInArchive, readText, unpackInto } from './archive.ts';
import { lookUp, verify, type CudaMajor } from './provider-package.ts';

export interface Installation {
  /** Names of the provider's libraries. */
  readonly libraries: readonly string[];
  /** The folder of ONNX Runtime's own library. */
  readonly folder: string;
  /** The version that the package must have. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** Tells the person what is done. */
  log(line: string): void;
}

/**
 * Puts the provider's libraries of a wheel or NuGet package beside ONNX Runtime's own.
 * @throws MedleyError `file-missing`, `file-unreadable`, `bad-request` when it is of another version,
 * or `disk-full`
 */
export async function installFrom(archive: string, to: Installation): Promise<void> {
  const { libraries, folder, log } = to;
  const files = await findInArchive(archive, libraries);
  const version = await versionOf(archive);
  if (version !== to.version) {
    throw new MedleyError(
      'bad-request',
      `${archive} is of version ${version ?? 'unknown'}, and ONNX Runtime here is ${to.version}: they must be the same.`,
      { subject: archive },
    );
  }
  const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
  await requireSpace(folder, bytes);
  log(`Unpacking ${libraries.join(' and ')} (${formatBytes(bytes)}) into ${folder}.`);
  await unpackInto(folder, files);
}

/**
 * Downloads the package that holds the libraries and installs it.
 * @throws what {@link installFrom} throws; MedleyError `offline`, `download-failed`
 */
export async function downloadAndInstall(
  cuda: CudaMajor,
  index: Hub,
  to: Installation,
): Promise<void> {
  const { folder, version, signal, log } = to;
  const found = await lookUp(cuda, version, index, signal);
  const staging = join(folder, 'download');
  await mkdir(staging, { recursive: true });
  try {
    await requireSpace(staging, found.size);
    log(`Fetching ${found.fileName} (${formatBytes(found.size)}) from ${found.url.host}.`);
    const { fileName, url, size, digest } = found;
    const published =
      digest.algorithm === 'sha256' ? { kind: digest.algorithm, hex: digest.hex } : null;
    const file = { name: basename(fileName), url, size, digest: published };
    await fetchFile(file, staging, { hub: index, signal, onBytes: () => {} });
    const archive = join(staging, file.name);
    await verify(archive, found);
    await installFrom(archive, to);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Takes the libraries away again; returns the names of those that were there. */
export async function removeCuda({ libraries, folder }: Installation): Promise<string[]> {
  const removed: string[] = [];
  for (const name of libraries) {
    const gone = await rm(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (gone) removed.push(name);
  }
  return removed;
}

/** The version in a wheel's METADATA or a NuGet package's nuspec. */
async function versionOf(archive: string): Promise<string | null> {
  const metadata = await readText(archive, /^[^/]+\.dist-info\/METADATA$/);
  if (metadata !== null) return /^Version: (\S+)$/m.exec(metadata)?.[1] ?? null;
  const nuspec = await readText(archive, /^[^/]+\.nuspec$/);
  return nuspec === null ? null : (/<version>([^<]+)<\/version>/.exec(nuspec)?.[1] ?? null);
}
