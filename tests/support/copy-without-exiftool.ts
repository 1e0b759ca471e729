import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages of exiftool itself, and of the one that looks for it beside itself. */
const exiftool = ['exiftool-vendored.exe', 'exiftool-vendored.pl'];
const finder = 'exiftool-vendored';

/**
 * A copy of Medley among whose packages there is no exiftool.
 *
 * @returns path of its command line
 */
export async function copyWithoutExiftool(root: string, copy: string): Promise<string> {
  const packages = join(copy, 'node_modules');
  await mkdir(packages, { recursive: true });
  for (const name of ['src', 'package.json', join('node_modules', finder)]) {
    await cp(join(root, name), join(copy, name), { recursive: true });
  }
  await symlink(join(root, 'resources'), join(copy, 'resources'));
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name === finder || exiftool.includes(name)) continue;
    await symlink(join(root, 'node_modules', name), join(packages, name));
  }
  return join(copy, 'src', 'main', 'cli', 'medley.ts');
}
