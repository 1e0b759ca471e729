import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

/** exiftool takes one argument a line, so a file with a line break in its name goes by another name. */
export async function withPlainName<T>(
  path: string,
  use: (name: string) => Promise<T>,
): Promise<T> {
  if (!/[\u0000-\u001f\u007f]/.test(path)) return await use(path);
  const folder = await mkdtemp(join(tmpdir(), 'medley-'));
  try {
    const link = join(folder, `photo${extname(path)}`);
    await symlink(path, link);
    return await use(link);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
