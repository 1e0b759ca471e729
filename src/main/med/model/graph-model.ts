import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { MedleyError } from '#shared/errors.ts';
import type { DeviceStatus, ModelInfo, ModelRoles } from '#shared/schemas/model.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import type { MedConfig } from '../checkpoint/config.ts';
import { canDecodeInOneRun, decodeInOneRun } from '../decoding/caption-run.ts';
import { resolveDecoding, searchPlan, type SearchPlan } from '../decoding/decoding.ts';
import { stackFeatures, viewsOf, withoutRepeats } from './features.ts';
import type { CaptionSearch } from '../decoding/caption-search.ts';
import { generate } from '../decoding/generate.ts';
import { teacherForced } from '../decoding/teacher-forced.ts';
import type {
  CaptionOptions,
  GeneratedCaption,
  ImageEmbedding,
  ImageFeatures,
  Match,
  MatchToken,
  MedModel,
  Rivals,
  TextLikelihood,
} from './med-model.ts';
import { floatsOf, numbersOf, type ModelGraphs } from './model-graphs.ts';
import { GraphPhotoDecoder } from '../decoding/photo-decoder.ts';
import { PixelPair, type PhotoInput, type Pixels } from '../preprocess/photo-input.ts';
import { cannot } from '../checkpoint/roles.ts';
import type { Sides } from '../preprocess/square.ts';
import { askedWords, type AskedWord } from '../text/asked-words.ts';
import { causalBatch, textBatch } from '../text/text-batch.ts';
import { normaliseCaption, type Tokenizer } from '../text/tokenizer.ts';

/** What {@link GraphModel} is made of. */
export interface ModelParts {
  readonly info: ModelInfo;
  readonly device: DeviceStatus;
  readonly config: MedConfig;
  readonly tokenizer: Tokenizer;
  readonly graphs: ModelGraphs;
}

/** A MED checkpoint run through the graphs of its modes. */
export class GraphModel implements MedModel {
  readonly info: ModelInfo;
  readonly device: DeviceStatus;
  readonly #config: MedConfig;
  readonly #tokenizer: Tokenizer;
  readonly #graphs: ModelGraphs;
  /** The call running now; the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ModelParts) {
    this.info = parts.info;
    this.device = parts.device;
    this.#config = parts.config;
    this.#tokenizer = parts.tokenizer;
    this.#graphs = parts.graphs;
  }

  get inputSides(): Sides {
    return [this.#config.vision_config.image_size];
  }

  inputOf([square]: readonly Pixels[]): Pixels {
    return square;
  }

  async embedImages(pixels: readonly PhotoInput[]): Promise<ImageEmbedding[]> {
    if (pixels.length === 0) return [];
    const input = this.#pixelBatch(pixels);
    const { patches, embedding } = await this.#inTurn(() =>
      this.#graphs.run('image-encoder', { pixels: input }),
    );
    const { matching } = this.info.roles;
    const embeddings = rowsOf(matching ? floatsOf(embedding) : new Float32Array(), pixels.length);
    const features = viewsOf(numbersOf(patches), pixels.length);
    return features.map((view, i) => ({
      features: { patches: view },
      embedding: embeddings[i],
    }));
  }

  hasWord(word: string): boolean {
    const pieces = this.#tokenizer.encode(normaliseCaption(word), 2);
    return pieces.length === 1 && pieces[0] !== this.#tokenizer.special.unk;
  }

  async embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    this.#require('matching');
    if (texts.length === 0) return [];
    const batch = this.#textBatch(texts, this.#tokenizer.special.cls);
    const outputs = await this.#inTurn(() => this.#graphs.runToFloats('text-encoder', batch));
    return rowsOf(outputs['embedding'], texts.length);
  }

  async match(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    first: MatchToken = 'enc',
  ): Promise<Match[]> {
    this.#require('matching');
    requirePairs(images, texts);
    if (images.length === 0) return [];
    const feeds = {
      ...this.#textBatch(texts, this.#tokenizer.special[first]),
      patches: this.#stack(withoutRepeats(images)),
    };
    const outputs = await this.#inTurn(() => this.#graphs.runToFloats('itm-encoder', feeds));
    return rowsOf(outputs['logits'], texts.length).map(matchOf);
  }

  async caption(
    images: readonly ImageFeatures[],
    options: CaptionOptions,
  ): Promise<GeneratedCaption[][]> {
    this.#require('captioning');
    if (images.length === 0) return [];
    const decoding = this.decodingOf(options);
    const prompt = this.#promptTokens(decoding.prompt);
    const { sep } = this.#tokenizer.special;
    const plan = searchPlan(decoding, prompt, sep, options.samples ?? 1);
    const searches = await this.#search(images, prompt, plan);
    return searches.map((search) =>
      search.results().map(({ tokens, logprob }) => ({
        text: this.#tokenizer.decode(tokens),
        tokens,
        logprob,
      })),
    );
  }

  async scoreTokens(
    images: readonly ImageFeatures[],
    tokens: readonly number[],
  ): Promise<Float32Array[]> {
    this.#require('captioning');
    if (images.length === 0 || tokens.length === 0) return images.map(() => new Float32Array());
    return this.#withDecoder(images, (decoder) => teacherForced(decoder, images.length, tokens));
  }

  async logLikelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
  ): Promise<number[]> {
    const all = await this.likelihoods(images, texts, new Map());
    return all.map(({ total }) => total);
  }

  async likelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    rivals: Rivals,
  ): Promise<TextLikelihood[]> {
    this.#require('captioning');
    requirePairs(images, texts);
    if (images.length === 0) return [];
    const { dec, pad } = this.#tokenizer.special;
    const captions = this.#sequences(texts, dec);
    const words = texts.map((text, i) =>
      askedWords(text, rivals, this.#tokenizer).filter(
        ({ place }) => place < captions[i].length - 2,
      ),
    );
    const others = words.map((each) => new Map(each.map((word) => [word.place, piecesOf(word)])));
    const batch = causalBatch(captions, pad, others);
    const feeds = { ...batch, patches: this.#stack(withoutRepeats(images)) };
    const outputs = await this.#inTurn(() => this.#graphs.runToFloats('caption-likelihood', feeds));
    const asked = batch['targets'].dims[1];
    return rowsOf(outputs['logProbability'], texts.length).map((row, i) => ({
      total: captions[i].slice(1).reduce((sum, _, place) => sum + row[place * asked], 0),
      words: words[i].map(({ word, place, rivals: each }) => ({
        word,
        own: row[place * asked],
        rivals: new Map(each.map((rival, k) => [rival.word, row[place * asked + 1 + k]])),
      })),
    }));
  }

  decodingOf(options: CaptionOptions): Decoding {
    return resolveDecoding(options, this.#config);
  }

  async dispose(): Promise<void> {
    await this.#inTurn(() => this.#graphs.release());
  }

  #require(role: keyof ModelRoles): void {
    if (this.info.roles[role]) return;
    throw cannot(this.info.name, this.info.folder, role);
  }

  async #search(
    images: readonly ImageFeatures[],
    prompt: readonly number[],
    search: SearchPlan,
  ): Promise<readonly CaptionSearch[]> {
    const { vocab_size: words } = this.#config.text_config;
    if (canDecodeInOneRun(this.device.provider, search, words)) {
      const patches = this.#stack(images);
      const batch = { patches, prompt, sep: this.#tokenizer.special.sep };
      return this.#inTurn(() => decodeInOneRun(this.#graphs, batch, search));
    }
    const searches = images.map(search.makeSearch);
    await this.#withDecoder(images, (decoder) => generate(decoder, searches, prompt));
    return searches;
  }

  #withDecoder<T>(
    images: readonly ImageFeatures[],
    use: (decoder: GraphPhotoDecoder) => Promise<T>,
  ): Promise<T> {
    const patches = this.#stack(images);
    return this.#inTurn(async () => {
      const decoder = await GraphPhotoDecoder.open(this.#graphs, this.#config.text_config, patches);
      try {
        return await use(decoder);
      } finally {
        decoder.dispose();
      }
    });
  }

  #promptTokens(prompt: string): number[] {
    const { max_position_embeddings: longest } = this.#config.text_config;
    const text = normaliseCaption(prompt);
    return [this.#tokenizer.special.dec, ...this.#tokenizer.encode(text, longest)];
  }

  #textBatch(texts: readonly string[], first: number) {
    return textBatch(this.#sequences(texts, first), this.#tokenizer.special.pad);
  }

  #sequences(texts: readonly string[], first: number): number[][] {
    const room = this.#config.text_config.max_position_embeddings - 2;
    const { sep } = this.#tokenizer.special;
    return texts.map((text) => [
      first,
      ...this.#tokenizer.encode(normaliseCaption(text), room),
      sep,
    ]);
  }

  #stack(images: readonly ImageFeatures[]): Tensor {
    return stackFeatures(images, this.#config.vision_config.hidden_size, this.device.dtype);
  }

  #pixelBatch(pixels: readonly PhotoInput[]): Tensor {
    const { image_size: side } = this.#config.vision_config;
    const size = side * side * 3;
    const data = new Uint8Array(pixels.length * size);
    pixels.forEach((photo, index) => {
      if (photo instanceof PixelPair || photo.length !== size) {
        throw new MedleyError('bad-request', 'The photos given were not prepared by this model.');
      }
      data.set(photo, index * size);
    });
    return new Tensor('uint8', data, [pixels.length, side, side, 3]);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function piecesOf({ rivals }: AskedWord): number[] {
  return rivals.map(({ piece }) => piece);
}

function requirePairs(images: readonly ImageFeatures[], texts: readonly string[]): void {
  if (images.length === texts.length) return;
  throw new MedleyError('bad-request', `${images.length} photos for ${texts.length} texts.`);
}

/** Equal rows of an array, each a copy that keeps nothing else alive. */
function rowsOf(data: Float32Array, rows: number): Float32Array[] {
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, i) => data.slice(i * width, (i + 1) * width));
}

function matchOf([mismatch, match]: Float32Array): Match {
  return { logit: match, probability: 1 / (1 + Math.exp(mismatch - match)) };
}
