import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { DefaultExiftoolArgs, ExifTool, exiftoolPath, ExifToolTask } from 'exiftool-vendored';
import { messageOf } from '#shared/errors.ts';

/** How long exiftool may take to start, and for one file. */
const patienceMillis = 20_000;

export interface ExiftoolOptions {
  /** Path of exiftool; left out, the one that comes with Medley, else one on the PATH. */
  readonly program?: string;
  /** What it is started with, before all else. */
  readonly startArgs?: readonly string[];
}

/**
 * One exiftool process that is kept running, and started again where it died. One that does not start
 * is not tried again. Close it, or the program does not end.
 */
export class Exiftool {
  readonly #exiftool: ExifTool;
  /** Why exiftool does not start. */
  #failure: string | null = null;

  constructor({ program, startArgs = [] }: ExiftoolOptions = {}) {
    this.#exiftool = new ExifTool({
      maxProcs: 1,
      maxTasksPerProcess: 5000,
      spawnTimeoutMillis: patienceMillis,
      taskTimeoutMillis: patienceMillis,
      taskRetries: 1,
      useMWG: false,
      geolocation: false,
      processFactory: () => startExiftool(program, startArgs),
    });
    // What waits for a process that does not start would wait for ever: it is tried again and again.
    this.#exiftool.on('startError', (error) => this.#giveUp(`: ${messageOf(error)}`));
    this.#exiftool.on('childEnd', ({ starting }) => {
      if (starting) this.#giveUp('');
    });
  }

  /** Why exiftool does not work on this machine (as where Perl is missing); null where it does. */
  async problem(): Promise<string | null> {
    try {
      await this.#exiftool.version();
      return null;
    } catch (error) {
      return this.#failure ?? messageOf(error);
    }
  }

  /** What a file says, by exiftool's names. @throws Error where exiftool fails on it */
  async read(path: string, args: readonly string[]): Promise<object> {
    return await this.#exiftool.readRaw(path, { readArgs: [...args] });
  }

  /** Has exiftool do one thing, once. @throws Error with what exiftool says of its failure */
  async run(args: readonly string[]): Promise<void> {
    await this.#exiftool.enqueueTask(() => new PlainTask([...args]), false);
  }

  async close(): Promise<void> {
    // It is rejected where exiftool does not end either when it is killed; that is beyond us.
    await this.#exiftool.end().catch(() => {});
  }

  #giveUp(reason: string): void {
    this.#failure ??= `exiftool does not start${reason}`;
    // What waits is rejected by that.
    void this.#exiftool.end(false).catch(() => {});
  }
}

/** One command, which fails where exiftool tells of an error; of warnings it does not fail. */
class PlainTask extends ExifToolTask<string> {
  protected override parse(output: string, error?: Error): string {
    if (error !== undefined) throw error;
    return output;
  }
}

/** @throws Error where it cannot be started */
async function startExiftool(
  program: string | undefined,
  startArgs: readonly string[],
): Promise<ChildProcess> {
  const child = spawn(program ?? (await findExiftool()), [...startArgs, ...DefaultExiftoolArgs], {
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
