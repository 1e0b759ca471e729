import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

const lineBreaks = /[\u0000-\u001f\u007f]/;
/** In the name of a file that it writes, exiftool puts other names in the place of `%d` and the like. */
const codes = /%/;

/** exiftool takes one argument a line, so a file with a line break in its name goes by another name. */
export async function withPlainName<T>(
  path: string,
  use: (name: string) => Promise<T>,
): Promise<T> {
  return await (lineBreaks.test(path) ? withLink(path, use) : use(path));
}

/** The same for a file that exiftool is to write, which is not there yet. */
export async function withPlainTarget<T>(
  path: string,
  use: (name: string) => Promise<T>,
): Promise<T> {
  return await (lineBreaks.test(path) || codes.test(path) ? withLink(path, use) : use(path));
}

async function withLink<T>(path: string, use: (name: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-'));
  try {
    const link = join(folder, `photo${extname(path).replaceAll('%', '')}`);
    await symlink(path, link);
    return await use(link);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
