import { closeSync, openSync, readSync } from 'node:fs';
import { Exiftool, type ExiftoolOptions } from './exiftool.ts';
import { withPlainName } from './plain-name.ts';
import { requestArgs } from './read-tags.ts';

/**
 * Numbers are given as they are; so is text that is not declared otherwise where it is UTF-8, else
 * its bytes in base64.
 */
const readArgs = [
  '-G1',
  '-n',
  '-b',
  ...['iptc=UTF8', 'exif=UTF8'].flatMap((charset) => ['-charset', charset]),
  ...requestArgs,
];
const gifMark = Buffer.from('GIF8');

export interface MetadataReaderOptions extends Pick<ExiftoolOptions, 'program'> {
  /** Hears once, in words for a person, that metadata cannot be read. */
  readonly onProblem?: (message: string) => void;
}

/** Reads the metadata of photos. Close the reader, or the program does not end. */
export class MetadataReader {
  readonly #exiftool: Exiftool;
  readonly #onProblem: (message: string) => void;
  #told = false;
  #closed = false;

  constructor({ onProblem = () => {}, ...options }: MetadataReaderOptions = {}) {
    this.#onProblem = onProblem;
    this.#exiftool = new Exiftool(options);
  }

  /** Why no metadata can be read on this machine (as where Perl is missing); null when it can. */
  async problem(): Promise<string | null> {
    const reason = await this.#exiftool.problem();
    return reason === null
      ? null
      : `Capture times and captions in photos cannot be read: ${reason}`;
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
    await this.#exiftool.close();
  }

  #tell(problem: string): void {
    if (!this.#told && !this.#closed) this.#onProblem(problem);
    this.#told = true;
  }

  async #readTags(path: string): Promise<object> {
    const args = isGif(path) ? readArgs : ['-fast', ...readArgs];
    return await withPlainName(path, (name) => this.#exiftool.read(name, args));
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
