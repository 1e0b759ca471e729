import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { isDiskFull } from '#main/files/disk-full.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { fileChunks } from '../hash-file.ts';

/**
 * A file on its way: `NAME.part`, and in `NAME.part.etag` which version of it the server was
 * sending. Both outlive the process.
 */
export class PartFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #hashes: readonly Hash[] = [];
  #size = 0;
  #etag: string | null = null;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /**
   * Opens what is there of a file.
   * @param path of the file once it is whole
   * @param newHashes makes the hashes that all its bytes go through
   */
  static async open(path: string, newHashes: () => readonly Hash[]): Promise<PartFile> {
    const partPath = `${path}.part`;
    const part = new PartFile(path, await open(partPath, constants.O_RDWR | constants.O_CREAT));
    part.#etag = await readFile(`${partPath}.etag`, 'utf8').catch(() => null);
    part.#hashes = newHashes();
    for await (const chunk of fileChunks(partPath)) part.#count(chunk);
    return part;
  }

  /** Bytes there are. */
  get size(): number {
    return this.#size;
  }

  /** The strong entity tag these bytes came under; null where there was none. */
  get etag(): string | null {
    return this.#etag;
  }

  /** Drops every byte, for those of another version. */
  async restart(newHashes: () => readonly Hash[], etag: string | null): Promise<void> {
    await this.#handle.truncate(0);
    this.#size = 0;
    this.#hashes = newHashes();
    this.#etag = etag;
    await rm(this.#etagPath, { force: true });
    if (etag !== null) await writeFile(this.#etagPath, etag);
  }

  /** @throws MedleyError `disk-full`, `file-unreadable` */
  async append(chunk: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < chunk.length;) {
        const left = chunk.length - written;
        const at = this.#size + written;
        written += (await this.#handle.write(chunk, written, left, at)).bytesWritten;
      }
    } catch (error) {
      throw writeFailed(this.#path, error);
    }
    this.#count(chunk);
  }

  /** The hash of all bytes, of each kind asked for. It ends the counting. */
  digests(): string[] {
    return this.#hashes.map((hash) => hash.digest('hex'));
  }

  /** Gives the file its name once its bytes are on the disk. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(`${this.#path}.part`, this.#path);
    await rm(this.#etagPath, { force: true });
  }

  /** Lets go of the file; what there is stays. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  get #etagPath(): string {
    return `${this.#path}.part.etag`;
  }

  #count(chunk: Uint8Array): void {
    for (const hash of this.#hashes) hash.update(chunk);
    this.#size += chunk.length;
  }
}

/** Bytes there are of a file that is not whole yet. */
export async function partSize(path: string): Promise<number> {
  return stat(`${path}.part`).then(
    ({ size }) => size,
    () => 0,
  );
}

function writeFailed(path: string, error: unknown): MedleyError {
  if (isDiskFull(error)) {
    return new MedleyError(
      'disk-full',
      `The disk is full. Make room and download again: what was fetched is kept (${path}).`,
      { subject: path, cause: error },
    );
  }
  return new MedleyError('file-unreadable', `${path} cannot be written: ${messageOf(error)}`, {
    subject: path,
    cause: error,
  });
}

/** The hash of a git object with this many bytes of content, before them (gitformat-pack). */
export function gitBlobHash(size: number): Hash {
  return createHash('sha1').update(`blob ${size}\0`);
}
