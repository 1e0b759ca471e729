import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A browser that has not read the page by then will not, in milliseconds. */
const readingMs = 60_000;

/**
 * Opens an address in the person's browser, where the system knows one. The address is secret, and
 * everybody on this machine can read the arguments of a program: so the browser is given a page that
 * only this person can read, and that leads to the address.
 * @throws Error of the file system where the page cannot be written.
 */
export async function openBrowser(
  url: string,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const folder = await mkdtemp(join(parentFolder(platform), 'medley-'));
  const page = join(folder, 'open-medley.html');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  setTimeout(remove, readingMs).unref();
  await writeFile(page, redirection(url), { mode: 0o600 });
  const [command, ...args] = browserCommand(page, platform);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

/** A browser in a snap sees neither the folder for temporary files nor hidden ones. */
function parentFolder(platform: NodeJS.Platform): string {
  return platform === 'linux' ? homedir() : tmpdir();
}

function browserCommand(page: string, platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open', page];
  // Unlike `start`, it takes the path as it is: no shell reads it.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', page];
  return ['xdg-open', page];
}

function redirection(url: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}">
<title>Medley</title>
<a href="${url}">Open Medley</a>
`;
}
