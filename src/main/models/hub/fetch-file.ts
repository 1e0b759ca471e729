import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { FileRecord } from '../model-entry.ts';
import type { Hub } from './endpoint.ts';
import { Fault, faultIn } from './fault.ts';
import { gitBlobHash, PartFile } from './part-file.ts';
import type { RemoteFile } from './remote-file.ts';
import { pause, retrying, type Pause } from './retry.ts';
import { request } from './web-request.ts';

export interface FetchOptions {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  /** Hears how many bytes of the file there are. */
  onBytes(bytes: number): void;
  readonly wait?: Pause | undefined;
  /** A connection that is silent this long counts as broken. */
  readonly silenceMs?: number | undefined;
}

const tries = 6;
const offlineTries = 6;
/** How often bytes may turn out worthless before the server is given up. */
const mostRestarts = 4;
const silence = 60_000;

/**
 * Fetches a file into a folder. A broken connection is taken up where it broke, also by a later
 * process. The file gets its name when all its bytes are there and hash to what the hub says.
 *
 * @throws MedleyError `offline`, `download-failed`, `disk-full`; the signal's reason
 */
export async function fetchFile(
  file: RemoteFile,
  folder: string,
  options: FetchOptions,
): Promise<FileRecord> {
  const { hub, signal, onBytes, wait = pause, silenceMs = silence } = options;
  const newHashes = () => hashesOf(file);
  const part = await PartFile.open(join(folder, file.name), newHashes);
  const download = new FileDownload(file, part, { hub, newHashes, onBytes, silenceMs });
  try {
    onBytes(part.size);
    const record = await retrying(
      async (progressed) => {
        await download.receiveRest(signal, progressed);
        return download.check();
      },
      { what: file.name, tries, offlineTries, signal, pause: wait },
    );
    await part.finish();
    return record;
  } catch (error) {
    await part.close().catch(() => {});
    throw error;
  }
}

/** SHA-256 for the record, and the hub's own kind where it is another. */
function hashesOf({ digest, size }: RemoteFile): Hash[] {
  const sha256 = createHash('sha256');
  return digest?.kind === 'git-blob' ? [sha256, gitBlobHash(size ?? 0)] : [sha256];
}

interface FileDownloadOptions {
  readonly hub: Hub;
  readonly newHashes: () => Hash[];
  readonly onBytes: (bytes: number) => void;
  readonly silenceMs: number;
}

/** One file over as many connections as it takes. */
class FileDownload {
  readonly #file: RemoteFile;
  readonly #part: PartFile;
  readonly #options: FileDownloadOptions;
  #restarts = 0;
  /** Bytes of the whole file; null until known. */
  #size: number | null;

  constructor(file: RemoteFile, part: PartFile, options: FileDownloadOptions) {
    this.#file = file;
    this.#part = part;
    this.#options = options;
    this.#size = file.size;
  }

  /** Receives the bytes that are missing. */
  async receiveRest(signal: AbortSignal, progressed: () => void): Promise<void> {
    if (this.#size !== null && this.#part.size > this.#size) await this.#startOver('it is longer');
    if (this.#part.size === this.#size) return;
    const { silenceMs, hub } = this.#options;
    const quiet = new AbortController();
    const timer = setTimeout(() => quiet.abort(), silenceMs);
    try {
      const headers = this.#rangeHeaders();
      const either = AbortSignal.any([signal, quiet.signal]);
      const response = await request(hub, this.#file.url, {
        what: this.#file.name,
        headers,
        signal: either,
      });
      timer.refresh();
      await this.#placeResponse(response);
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        await this.#receive(chunk);
        progressed();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (quiet.signal.aborted) throw new Fault(`${this.#file.url.host} fell silent`);
      throw faultIn(error, this.#file.url.host) ?? error;
    } finally {
      clearTimeout(timer);
    }
    if (this.#size !== null && this.#part.size < this.#size) {
      throw new Fault(
        `${this.#file.url.host} ended it after ${this.#part.size} of ${this.#size} bytes`,
      );
    }
  }

  /** @throws {Fault} when the bytes are not those of the hub: they are dropped */
  async check(): Promise<FileRecord> {
    const { digest, name } = this.#file;
    const [sha256, gitBlob] = this.#part.digests();
    const found = digest?.kind === 'git-blob' ? gitBlob : sha256;
    if (digest !== null && found !== digest.hex) {
      await this.#startOver(`its ${digest.kind} is ${found}, not ${digest.hex}`);
      throw new Fault('what arrived is damaged');
    }
    return { name, size: this.#part.size, sha256 };
  }

  /** Asks for the rest, if the file is still the one that the part is of. */
  #rangeHeaders(): Record<string, string> {
    const { size, etag } = this.#part;
    if (size === 0) return {};
    if (etag !== null) return { range: `bytes=${size}-`, 'if-range': etag };
    // Without a tag only a digest tells whether the pieces belong together.
    return this.#file.digest === null ? {} : { range: `bytes=${size}-` };
  }

  /** Makes the part ready for the first byte of a response. */
  async #placeResponse(response: Response): Promise<void> {
    const { status, headers } = response;
    const have = this.#part.size;
    if (status === 206) {
      const range = parseContentRange(headers.get('content-range'));
      const fits =
        range?.from === have && (range.size ?? this.#size) === (this.#size ?? range.size);
      if (fits) {
        this.#size ??= range.size;
        return;
      }
    }
    if (status === 206 || status === 416) {
      await response.body?.cancel();
      await this.#startOver('the server has another range of it');
      throw new Fault(`${this.#file.url.host} sent another range than was asked for`);
    }
    if (have > 0) this.#countRestart('it changed on the server, which sends it from the start');
    await this.#part.restart(this.#options.newHashes, strongTag(headers.get('etag')));
    this.#options.onBytes(0);
    this.#size ??= lengthOf(headers.get('content-length'));
  }

  async #receive(chunk: Uint8Array): Promise<void> {
    if (this.#size !== null && this.#part.size + chunk.length > this.#size) {
      await this.#startOver('it is longer than announced');
      throw new Fault(`${this.#file.url.host} sent more than the ${this.#size} bytes it announced`);
    }
    await this.#part.append(chunk);
    this.#options.onBytes(this.#part.size);
  }

  async #startOver(reason: string): Promise<void> {
    this.#countRestart(reason);
    this.#size = this.#file.size;
    await this.#part.restart(this.#options.newHashes, null);
    this.#options.onBytes(0);
  }

  #countRestart(reason: string): void {
    if (++this.#restarts <= mostRestarts) return;
    const { name, url } = this.#file;
    throw new MedleyError(
      'download-failed',
      `${name} does not arrive whole from ${url.host}: ${reason}. Try again later.`,
      { subject: name },
    );
  }
}

/** `bytes FROM-TO/SIZE` (RFC 9110, section 14.4); the size may be unknown. */
function parseContentRange(value: string | null): { from: number; size: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(value ?? '');
  if (match === null) return null;
  const [, from, size] = match;
  return { from: Number(from), size: size === '*' ? null : Number(size) };
}

/** A tag that stands for these very bytes; a weak one may stand for others. */
function strongTag(value: string | null): string | null {
  return value !== null && /^"[^"]*"$/.test(value) ? value : null;
}

function lengthOf(value: string | null): number | null {
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}
