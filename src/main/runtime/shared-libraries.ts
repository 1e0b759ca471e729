import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readDynamicSection } from './elf.ts';

/** Where the dynamic linker of Linux looks, besides what a library itself asks for. */
export interface LinkerPaths {
  /** `LD_LIBRARY_PATH`, as it was when the process started: the linker reads it no later. */
  readonly folders: readonly string[];
  /** Paths by library name, from the linker's cache. */
  readonly cached: ReadonlyMap<string, string>;
}

const systemFolders = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

export async function linkerPaths(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<LinkerPaths> {
  const folders = (environment.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== '');
  return { folders, cached: await linkerCache() };
}

/** Path of a library, found as the dynamic linker would; null where it is missing. */
export function findLibrary(
  name: string,
  paths: LinkerPaths,
  runpath: readonly string[] = [],
): string | null {
  for (const folder of [...runpath, ...paths.folders]) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  const cached = paths.cached.get(name);
  if (cached !== undefined && existsSync(cached)) return cached;
  return systemFolders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Names of the libraries that `file`, and whatever it needs, lack here. ONNX Runtime only says that
 * one could not be loaded.
 */
export async function missingLibraries(file: string, paths: LinkerPaths): Promise<string[]> {
  const missing = new Set<string>();
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    const dynamic = await readDynamicSection(path);
    if (!dynamic) return;
    const runpath = dynamic.runpath.map((each) =>
      each.replace(/\$ORIGIN|\$\{ORIGIN\}/, dirname(path)),
    );
    for (const name of dynamic.needed) {
      if (seen.has(name)) continue;
      seen.add(name);
      const found = findLibrary(name, paths, runpath);
      if (found === null) missing.add(name);
      else await visit(found);
    }
  };
  await visit(file);
  return [...missing];
}

/** What `ldconfig` knows; nothing where there is no such program. */
async function linkerCache(): Promise<ReadonlyMap<string, string>> {
  const run = promisify(execFile);
  const options = { maxBuffer: 16 * 2 ** 20 };
  const { stdout } = await run('/sbin/ldconfig', ['-p'], options).catch(() => ({ stdout: '' }));
  const lines = stdout.matchAll(/^\s+(\S+) \(.*\) => (\S+)$/gm);
  // The linker takes the first of several.
  return new Map([...lines].toReversed().map(([, name, path]) => [name, path]));
}
