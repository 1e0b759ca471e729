import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const program = join(
  import.meta.dirname,
  '../../../node_modules/exiftool-vendored.pl/bin/exiftool',
);

export type Said = Readonly<Record<string, unknown>>;

/** Runs exiftool's own command line. */
export function exiftool(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`exiftool: ${stdout}${stderr}`);
  return stdout;
}

/** What exiftool's own command line reads in each file, every text as a text. */
export function readAll(paths: readonly string[], ...args: string[]): Said[] {
  const json = exiftool('-j', '-G1', '-a', '-e', '-charset', 'exif=UTF8', ...args, ...paths);
  const quoted = json.replace(
    /^( {2}"[^"]+": )(-?[\d.]+(?:e[-+]?\d+)?|true|false)(,?)$/gim,
    '$1"$2"$3',
  );
  const said: Said[] = JSON.parse(quoted);
  return said;
}

export function readOne(path: string, ...args: string[]): Said {
  return readAll([path], ...args)[0];
}
