import { createHash } from 'node:crypto';
import { MedleyError } from '#shared/errors.ts';
import type { DeviceStatus, ModelInfo } from '#shared/schemas/model.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import type {
  CaptionOptions,
  GeneratedCaption,
  ImageEmbedding,
  ImageFeatures,
  Match,
  MedModel,
  TextLikelihood,
} from '#main/med/model/med-model.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';

const size = 16;
/** What its captions begin with. */
const written = 'picture';

/**
 * A model whose every answer is a hash of its input: instant, and the same in every run. It stands
 * in where a test is about order, durability or failure rather than about pictures.
 */
export class HashModel implements MedModel {
  readonly info;
  readonly device: DeviceStatus = {
    requested: 'cpu',
    provider: 'cpu',
    dtype: 'f32',
    reason: 'A test asked for it.',
    candidates: [],
  };
  /** Photos encoded so far: what a test counts to see that nothing is done twice. */
  encoded = 0;
  captioned = 0;
  disposed = false;

  constructor(name = 'hash', roles = { matching: true, captioning: true }) {
    this.info = {
      id: `${name}@000000000000`,
      imageId: `${name}@000000000000`,
      name,
      folder: '/nowhere',
      roles,
      captioner: null as ModelInfo['captioner'],
      parameters: 0,
      bytes: 0,
      imageSize: 8,
      embeddingSize: size,
      cosineWeight: 3,
      card: null,
    };
  }

  readonly inputSides = [8];

  inputOf([square]: readonly Pixels[]): Pixels {
    return createHash('sha256').update(square).digest();
  }

  async embedImages(pixels: readonly Pixels[]): Promise<ImageEmbedding[]> {
    if (this.disposed) throw new MedleyError('internal', 'This model was disposed.');
    this.encoded += pixels.length;
    return pixels.map((each) => {
      const key = each.join();
      return { features: this.featuresOf(key), embedding: this.embeddingOf(key) };
    });
  }

  hasWord(): boolean {
    return true;
  }

  async embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    return texts.map((text) => this.embeddingOf(text));
  }

  async match(images: readonly ImageFeatures[], texts: readonly string[]): Promise<Match[]> {
    if (images.length !== texts.length || images.length === 0) {
      throw new MedleyError('internal', 'One text an image is needed.');
    }
    return images.map(({ patches }, i) => {
      const drawn = 4 * floats(`${this.info.name} ${patches.join()} ${texts[i]}`)[0];
      // It stands by what it writes itself.
      const logit = texts[i].startsWith(written) ? Math.abs(drawn) : drawn;
      return { logit, probability: 1 / (1 + Math.exp(-logit)) };
    });
  }

  async caption(
    images: readonly ImageFeatures[],
    { seed, samples = 1 }: Partial<CaptionOptions> = {},
  ): Promise<GeneratedCaption[][]> {
    if (this.disposed) throw new MedleyError('internal', 'This model was disposed.');
    this.captioned += images.length;
    return images.map(({ patches }) => {
      const text = `${written} ${patches[0].toFixed(6)}`;
      const drawn = (sample: number) => (seed === undefined ? text : `${text} ${seed} ${sample}`);
      return Array.from({ length: samples }, (_, i) => {
        return { text: drawn(i), tokens: [], logprob: -1 };
      });
    });
  }

  async scoreTokens(images: readonly ImageFeatures[]): Promise<Float32Array[]> {
    return images.map(({ patches }) => Float32Array.from(patches));
  }

  async logLikelihoods(images: readonly ImageFeatures[], _: readonly string[]): Promise<number[]> {
    return images.map(() => -1);
  }

  async likelihoods(images: readonly ImageFeatures[], texts: readonly string[]) {
    const totals = await this.logLikelihoods(images, texts);
    return totals.map((total): TextLikelihood => ({ total, words: [] }));
  }

  decodingOf(options: CaptionOptions): Decoding {
    const settings = { prompt: '', minLength: 1, maxLength: 20, repetitionPenalty: 1 };
    return { ...settings, ...options };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }

  featuresOf(key: string): ImageFeatures {
    return { patches: floats(`features ${key}`) };
  }

  embeddingOf(key: string): Float32Array {
    const raw = floats(`embedding ${key}`);
    const length = Math.hypot(...raw);
    return raw.map((x) => x / length);
  }
}

/** 16 numbers in [-1, 1) from the SHA-512 of a text. */
function floats(text: string): Float32Array {
  const bytes = createHash('sha512').update(text).digest();
  return Float32Array.from({ length: size }, (_, i) => bytes.readInt32LE(i * 4) / 2 ** 31);
}
