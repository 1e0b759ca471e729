import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { MedleyError } from '#shared/errors.ts';

/** The built interface, by path. */
export interface InterfaceFiles {
  /** The file at a path, `/` being the page; null where there is none. */
  respond(pathname: string): Promise<Response | null>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Lists the folder once; only what was in it then can be asked for, so no path that a browser
 * makes up reaches the file system.
 * @throws {MedleyError} `file-missing` when the interface has not been built.
 */
export async function openInterfaceFiles(folder: string): Promise<InterfaceFiles> {
  const files = new Map<string, string>();
  for (const entry of await listFolder(folder)) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(`/${relative(folder, path).split(sep).join('/')}`, path);
  }
  const page = files.get('/index.html');
  if (page === undefined) throw notBuilt(folder);
  files.set('/', page);

  return {
    async respond(pathname) {
      const file = files.get(pathname);
      if (file === undefined) return null;
      return new Response(new Uint8Array(await readFile(file)), {
        headers: {
          'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
          'Cache-Control': cacheControl(pathname),
        },
      });
    },
  };
}

/** The bundler puts a hash into the name of everything under assets/. */
function cacheControl(pathname: string): string {
  return pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
}

async function listFolder(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw notBuilt(folder, cause);
  }
}

function notBuilt(folder: string, cause?: unknown): MedleyError {
  return new MedleyError(
    'file-missing',
    `The interface is not in ${folder}: build it with \`npm run build\`.`,
    { subject: folder, cause },
  );
}
