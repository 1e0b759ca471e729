import { spawn } from 'node:child_process';

/** Opens an address in the person's browser, where the system knows one. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...args] = browserCommand(url, platform);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // The address stands in the terminal too.
  child.on('error', () => {});
  child.unref();
}

function browserCommand(url: string, platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  // `start` is a word of the shell, which takes a first quoted argument for a title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url.replaceAll('&', '^&')];
  return ['xdg-open', url];
}
