import type { ModelChoice } from '#main/engine/model/model-slot.ts';
import type { ImageEmbedding, ImageFeatures, Match } from '#main/med/model/med-model.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type { DeviceStatus, Provider } from '#shared/schemas/model.ts';
import { HashModel } from './hash-model.ts';

/** ONNX Runtime's words. */
export const words = {
  memory:
    "Non-zero status code returned while running MatMul node. Name:'MatMul_2' Status Message: bfc_arena.cc:360 Failed to allocate memory for requested buffer of size 640000000000",
  lost: {
    cuda: 'CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=x',
    webgpu: 'WebGPU validation failed. [Device] is lost.\n - While calling [Device].CreateBuffer',
  },
} as const;

/** A device on which the model answers, until it is told to fail. */
export interface Device {
  readonly provider: Provider;
  /** Items that fit; more run out of memory. */
  fits: number;
  /** Calls to answer before it is lost. Loading the model again does not bring it back. */
  callsLeft: number;
  /** Whether losing it is over once the model was loaded again. */
  comesBack: boolean;
  loads: number;
}

export function device(provider: Provider, change: Partial<Device> = {}): Device {
  return { provider, fits: Infinity, callsLeft: Infinity, comesBack: false, loads: 0, ...change };
}

/** Loads {@link HashModel} on the first of `devices` that did not fail. */
export function loaderFor(devices: readonly Device[]) {
  return async ({ failed = new Map() }: Pick<ModelChoice, 'failed'>): Promise<HashModel> => {
    const next = devices.find(({ provider }) => !failed.has(provider));
    if (!next) throw new Error('No device is left.');
    if (next.loads++ > 0 && next.comesBack) next.callsLeft = Infinity;
    return new DeviceModel(next);
  };
}

class DeviceModel extends HashModel {
  override readonly device: DeviceStatus;
  readonly #on: Device;

  constructor(on: Device) {
    super();
    this.#on = on;
    this.device = {
      requested: 'auto',
      provider: on.provider,
      dtype: 'f32',
      reason: `${on.provider} works here.`,
      candidates: [],
    };
  }

  override embedImages(pixels: readonly Pixels[]): Promise<ImageEmbedding[]> {
    return this.#run(pixels.length, () => super.embedImages(pixels));
  }

  override match(images: readonly ImageFeatures[], texts: readonly string[]): Promise<Match[]> {
    return this.#run(images.length, () => super.match(images, texts));
  }

  override caption(images: readonly ImageFeatures[]) {
    return this.#run(images.length, () => super.caption(images));
  }

  async #run<T>(items: number, work: () => Promise<T>): Promise<T> {
    if (this.#on.callsLeft-- <= 0)
      throw new Error(this.#on.provider === 'cuda' ? words.lost.cuda : words.lost.webgpu);
    if (items > this.#on.fits) throw new Error(words.memory);
    return work();
  }
}
