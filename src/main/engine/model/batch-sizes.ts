import { cpus, hostname } from 'node:os';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { onnxRuntimeVersion } from '#main/runtime/onnx-runtime-files.ts';
import { captionerIdOf, type BatchStatus } from '#shared/schemas/model.ts';
import { BatchTuner } from './batch-tuner.ts';
import type { Batched } from './steady-model.ts';
import { freeMemoryOf, type FreeMemory } from './free-memory.ts';

/** The calls whose batches are tuned: image encoder and captioning with matching. */
const BatchedCall = z.enum(['embed', 'caption']);
export type BatchedCall = z.infer<typeof BatchedCall>;

/** Which size a call that did not fit speaks of. */
const sizeOf: Readonly<Partial<Record<Batched, BatchedCall>>> = {
  embedImages: 'embed',
  caption: 'caption',
  match: 'caption',
};

/** Sizes found, by model, device and call. */
const BatchFile = z.record(z.string(), z.partialRecord(BatchedCall, z.int().positive()));
type BatchFile = z.infer<typeof BatchFile>;

interface Tuning {
  readonly tuners: Readonly<Record<BatchedCall, BatchTuner>>;
  /** Free memory before the first batch. */
  start: FreeMemory | null;
}

/** Part of the memory that a larger batch must leave free. */
const reserve = 0.1;

/** How the sizes of one device are told from another's. */
const machine = `${hostname()} ${cpus()[0]?.model.trim() ?? ''}`;

/**
 * The batch sizes of background work, found by measuring that work and kept in the library. Each
 * model has its own on each provider and type.
 */
export class BatchSizes {
  /** Called when a size is final. */
  onChange: () => void = () => {};
  readonly #path: string;
  readonly #known: BatchFile;
  readonly #tunings = new Map<string, Tuning>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, known: BatchFile) {
    this.#path = path;
    this.#known = known;
  }

  /** Opens the file of a library. A damaged one is measured anew: it holds nothing of a person's. */
  static async open(path: string): Promise<BatchSizes> {
    return new BatchSizes(path, await readJsonFile(path, BatchFile, {}).catch(() => ({})));
  }

  /** How many items the next batch should have. */
  next(model: MedModel, call: BatchedCall): number {
    return this.#tuningOf(model).tuners[call].size;
  }

  /** Learns from a batch that was done. */
  async done(model: MedModel, call: BatchedCall, items: number, ms: number): Promise<void> {
    const tuning = this.#tuningOf(model);
    const tuner = tuning.tuners[call];
    if (tuner.settled) return;
    const { provider } = model.device;
    tuning.start ??= await freeMemoryOf(provider);
    if (tuner.note(items, ms)) {
      if (hasRoom(tuning.start, await freeMemoryOf(provider))) tuner.grow();
      else tuner.settle();
    }
    if (tuner.settled) this.#keep(model, call, tuner.size);
  }

  /** Learns that more than `most` items do not fit. */
  tooLarge(model: MedModel, call: Batched, most: number): void {
    const size = sizeOf[call];
    if (size === undefined) return;
    const tuner = this.#tuningOf(model).tuners[size];
    tuner.limit(most);
    this.#keep(model, size, tuner.size);
  }

  /** Waits until what was found is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  status(model: MedModel): BatchStatus {
    const { embed, caption } = this.#tuningOf(model).tuners;
    return {
      embed: embed.size,
      caption: caption.size,
      measured: embed.settled && caption.settled,
    };
  }

  #tuningOf(model: MedModel): Tuning {
    const key = keyOf(model);
    const known = this.#known[key];
    const tuning = this.#tunings.get(key) ?? {
      tuners: { embed: new BatchTuner(known?.embed), caption: new BatchTuner(known?.caption) },
      start: null,
    };
    this.#tunings.set(key, tuning);
    return tuning;
  }

  #keep(model: MedModel, call: BatchedCall, size: number): void {
    const key = keyOf(model);
    this.#known[key] = { ...this.#known[key], [call]: size };
    // What cannot be kept is found again.
    const write = () => writeJsonFile(this.#path, this.#known).catch(() => {});
    this.#writing = this.#writing.then(write);
    this.onChange();
  }
}

function keyOf({ info, device }: MedModel): string {
  return `${info.id} ${captionerIdOf(info)} ${device.provider} ${device.dtype} ${onnxRuntimeVersion} ${machine}`;
}

/** Whether twice of what was taken since the start can be had; yes where that is unknown. */
function hasRoom(start: FreeMemory | null, now: FreeMemory | null): boolean {
  if (!start || !now) return true;
  const taken = Math.max(0, start.free - now.free);
  return now.free - taken > reserve * now.total;
}
