import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { DefaultExiftoolArgs, ExifTool, exiftoolPath } from 'exiftool-vendored';
import { messageOf } from '#shared/errors.ts';
import { requestArgs } from './requested-tags.ts';

/**
 * Only what is used is asked for, with numbers as they are. Text that is not declared otherwise is
 * given as it is where that is UTF-8, else as its bytes in base64.
 */
const readArgs = [
  '-G1',
  '-n',
  '-b',
  ...['iptc=UTF8', 'exif=UTF8'].flatMap((charset) => ['-charset', charset]),
  ...requestArgs,
];
const gifMark = Buffer.from('GIF8');

/** How long exiftool may take to start, and to read a photo. */
const patienceMillis = 20_000;

export interface MetadataReaderOptions {
  /** Path of exiftool; left out, the one that comes with Medley, else one on the PATH. */
  readonly program?: string;
  /** Hears once, in words for a person, that metadata cannot be read. */
  readonly onProblem?: (message: string) => void;
}

/**
 * Reads the metadata of photos through one exiftool process that is kept running, and started again
 * where it died. One that does not start is not tried again. Close the reader, or the program does
 * not end.
 */
export class MetadataReader {
  readonly #exiftool: ExifTool;
  readonly #onProblem: (message: string) => void;
  /** Why exiftool does not start. */
  #failure: string | null = null;
  #told = false;
  #closed = false;

  constructor({ program, onProblem = () => {} }: MetadataReaderOptions = {}) {
    this.#onProblem = onProblem;
    this.#exiftool = new ExifTool({
      maxProcs: 1,
      maxTasksPerProcess: 5000,
      spawnTimeoutMillis: patienceMillis,
      taskTimeoutMillis: patienceMillis,
      taskRetries: 1,
      useMWG: false,
      geolocation: false,
      processFactory: () => startExiftool(program),
    });
    // What waits for a process that does not start would wait for ever: it is tried again and again.
    this.#exiftool.on('startError', (error) => this.#giveUp(`: ${messageOf(error)}`));
    this.#exiftool.on('childEnd', ({ starting }) => {
      if (starting) this.#giveUp('');
    });
  }

  /** Why no metadata can be read on this machine (as where Perl is missing); null when it can. */
  async problem(): Promise<string | null> {
    try {
      await this.#exiftool.version();
      return null;
    } catch (error) {
      const reason = this.#failure ?? messageOf(error);
      return `Capture times and captions in photos cannot be read: ${reason}`;
    }
  }

  /**
   * What the file says of itself, by exiftool's names; nothing where exiftool fails on it, since a
   * picture is worth having without.
   *
   * @returns null where exiftool itself fails, so that it is unknown what the file says
   */
  async read(path: string): Promise<object | null> {
    try {
      return await this.#readTags(path);
    } catch {
      const problem = await this.problem();
      if (problem === null) return {};
      this.#tell(problem);
      return null;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    // It is rejected where exiftool does not end either when it is killed; that is beyond us.
    await this.#exiftool.end().catch(() => {});
  }

  #giveUp(reason: string): void {
    this.#failure ??= `exiftool does not start${reason}`;
    // What waits is rejected by that.
    void this.#exiftool.end(false).catch(() => {});
  }

  #tell(problem: string): void {
    if (!this.#told && !this.#closed) this.#onProblem(problem);
    this.#told = true;
  }

  /** exiftool takes one argument a line, so a name with a line break goes by another name. */
  async #readTags(path: string): Promise<object> {
    const args = isGif(path) ? readArgs : ['-fast', ...readArgs];
    if (!/[\u0000-\u001f\u007f]/.test(path)) {
      return await this.#exiftool.readRaw(path, { readArgs: args });
    }
    const folder = await mkdtemp(join(tmpdir(), 'medley-'));
    try {
      const link = join(folder, `photo${extname(path)}`);
      await symlink(path, link);
      return await this.#exiftool.readRaw(link, { readArgs: args });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** In haste, exiftool reads a GIF only up to its first comment; of others it leaves out nothing that is used. */
function isGif(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(gifMark.length);
    readSync(file, start);
    return start.equals(gifMark);
  } finally {
    closeSync(file);
  }
}

/** @throws Error where it cannot be started */
async function startExiftool(program?: string): Promise<ChildProcess> {
  const child = spawn(program ?? (await findExiftool()), DefaultExiftoolArgs, {
    windowsHide: true,
    env: { LANG: 'C', PATH: process.env['PATH'] },
  });
  await once(child, 'spawn');
  return child;
}

async function findExiftool(): Promise<string> {
  try {
    return await exiftoolPath();
  } catch (cause) {
    throw new Error('it is neither among the packages of Medley nor on the PATH', { cause });
  }
}
