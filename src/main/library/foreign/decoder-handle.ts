import { Worker } from 'node:worker_threads';
import { fromErrorShape, MedleyError, messageOf } from '#shared/errors.ts';
import type { ReadableFile } from '../decode/readers.ts';
import type { DecodeReply, DecodeRequest } from './messages.ts';

/** Beside this file; beside the bundles, whose shared parts lie one folder down. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './decoder-thread.ts' : '../decoder-thread.js',
  import.meta.url,
);

/** A thread that keeps more than this is not used again: decoders never give memory back. */
const KEPT_MEMORY = 256 * 2 ** 20;

/** A running decoder thread, for one file at a time. */
export class DecoderHandle {
  readonly #worker = new Worker(entry);
  #usable = true;

  constructor() {
    // It is no reason for a program to go on.
    this.#worker.unref();
    this.#worker.on('exit', () => {
      this.#usable = false;
    });
    // Whoever waits hears of it; without a listener it would end the program.
    this.#worker.on('error', () => {});
  }

  /** Whether another file may be given to it. */
  get usable(): boolean {
    return this.#usable;
  }

  /**
   * @param patienceMillis How long it may take.
   * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
   */
  async decode(request: DecodeRequest, patienceMillis: number): Promise<ReadableFile> {
    this.#worker.ref();
    try {
      const reply = await this.#answerTo(request, patienceMillis);
      if (reply.kind === 'broken') {
        this.end();
        throw brokenOn(request.name, reply.message);
      }
      if (reply.memory > KEPT_MEMORY) this.end();
      if (reply.kind === 'failed') throw fromErrorShape(reply.error);
      const { buffer, byteOffset, byteLength } = reply.bytes;
      return { bytes: Buffer.from(buffer, byteOffset, byteLength), notices: reply.notices };
    } finally {
      this.#worker.unref();
    }
  }

  /** Ends it, also in the middle of a file. */
  end(): void {
    this.#usable = false;
    void this.#worker.terminate();
  }

  async #answerTo(request: DecodeRequest, patienceMillis: number): Promise<DecodeReply> {
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<DecodeReply>();
    const broken = (message: string) => {
      resolve({ kind: 'broken', message });
    };
    const onError = (error: unknown) => {
      broken(messageOf(error));
    };
    const onExit = () => {
      broken('the decoder stopped');
    };
    const timer = setTimeout(() => {
      broken(`it took longer than ${Math.round(patienceMillis / 1000)} seconds`);
    }, patienceMillis);
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    try {
      worker.postMessage(request);
      return await promise;
    } finally {
      clearTimeout(timer);
      worker.off('message', resolve).off('error', onError).off('exit', onExit);
    }
  }
}

function brokenOn(name: string, message: string): MedleyError {
  if (/memory|allocation/i.test(message)) {
    return new MedleyError(
      'image-too-large',
      `${name} needs more memory than Medley gives to one picture. (${message})`,
      { subject: name },
    );
  }
  return new MedleyError('image-corrupt', `${name} cannot be decoded. (${message})`, {
    subject: name,
  });
}
