import type { Decoding } from '#shared/schemas/photos.ts';
import type { DeviceStatus, ModelInfo } from '#shared/schemas/model.ts';
import type { PhotoInput, Pixels } from '../preprocess/photo-input.ts';
import type { Sides } from '../preprocess/square.ts';

/** Numbers in the type that a model computes in. */
export type Floats = Float32Array | Float16Array;

/** What the image encoder made of one photo; feed it to matching and captioning. */
export interface ImageFeatures {
  /**
   * Patch features, `[tokens, hidden]` row-major. May be a view of the whole batch's: whoever keeps
   * it longer than that copies it.
   */
  readonly patches: Floats;
  /** Those by the captioner's own image encoder, where it has one and was asked. */
  readonly captioner?: ImageFeatures;
}

/** What features are wanted for: those of the captioner's own image encoder may be left out. */
export type FeatureUse = 'everything' | 'matching';

export interface ImageEmbedding {
  readonly features: ImageFeatures;
  /** Unit ITC embedding, `[embeddingSize]`; empty where the model only writes captions. */
  readonly embedding: Float32Array;
}

export interface Match {
  /** ITM match logit (index 1 of the head). Ranks together with the cosine. */
  readonly logit: number;
  /** Softmax of both ITM logits, index 1: the match probability. */
  readonly probability: number;
}

export interface GeneratedCaption {
  readonly text: string;
  /** What was generated, without the prompt and the final [SEP]. */
  readonly tokens: readonly number[];
  /** Sum of the log-probabilities of the generated tokens, the final [SEP] included. */
  readonly logprob: number;
}

/** The token that the image-grounded encoder reads its verdict from (BLIP trains [ENC]). */
export type MatchToken = 'enc' | 'cls';

/** Words, each with others that could stand in its place in a text. */
export type Rivals = ReadonlyMap<string, readonly string[]>;

/** How likely a word of a text is after what stands before it, beside its rivals. */
export interface WordLikelihood {
  readonly word: string;
  /** `log p(word | image, the text before it)`, natural. */
  readonly own: number;
  /** The same of each rival. */
  readonly rivals: ReadonlyMap<string, number>;
}

/** How likely a text is of a picture. */
export interface TextLikelihood {
  /** `log p(text | image)`, natural, the end of the text included. */
  readonly total: number;
  /** Its words that have rivals, where both are single pieces of the vocabulary. */
  readonly words: readonly WordLikelihood[];
}

/** How to decode; what is left out comes from the checkpoint's own generation settings. */
export type CaptionOptions = Partial<Omit<Decoding, 'method'>> & {
  readonly method: Decoding['method'];
  /** Captions a photo, for nucleus sampling only. */
  readonly samples?: number;
};

/**
 * A MED checkpoint on one device, or one that matches and one that captions. Every method takes a
 * batch; callers choose its size. Calls run one after another. What a model cannot do
 * (`info.roles`) is a `bad-request`.
 */
export interface MedModel {
  readonly info: ModelInfo;
  readonly device: DeviceStatus;

  /** Sides of the squares, in pixels, that a photo is made into for {@link inputOf}. */
  readonly inputSides: Sides;

  /**
   * A photo from its squares (`square.ts`), one for each of {@link inputSides}; the image encoder
   * normalises. Follows BLIP's evaluation transform (Resize, ToTensor, Normalize of torchvision on a
   * Pillow image).
   */
  inputOf(squares: readonly Pixels[]): PhotoInput;

  /** Image encoder and ITC projection. `photos` come from {@link inputOf}. */
  embedImages(photos: readonly PhotoInput[], use?: FeatureUse): Promise<ImageEmbedding[]>;

  /**
   * Whether the vocabulary of what matches has this word as one piece, so that a sense of its own was
   * learned for it. Any other word is read in pieces that have none.
   */
  hasWord(word: string): boolean;

  /** Text encoder without cross-attention and ITC projection: unit `[embeddingSize]` each. */
  embedTexts(texts: readonly string[]): Promise<Float32Array[]>;

  /**
   * Image-grounded text encoder: match of `images[i]` with `texts[i]`. `first` is 'enc' unless told:
   * the port of Hugging Face starts texts with [CLS] instead.
   */
  match(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    first?: MatchToken,
  ): Promise<Match[]>;

  /** Image-grounded decoder: the captions of each photo, best first. */
  caption(images: readonly ImageFeatures[], options: CaptionOptions): Promise<GeneratedCaption[][]>;

  /**
   * Image-grounded decoder, teacher forced through the cached steps that {@link caption} takes: for
   * each photo the next-token logits after every one of `tokens`, `[tokens, vocabulary]` row-major.
   * `tokens` starts with [DEC].
   */
  scoreTokens(images: readonly ImageFeatures[], tokens: readonly number[]): Promise<Float32Array[]>;

  /**
   * Image-grounded decoder over whole texts at once: `log p(texts[i] | images[i])`, natural, the end
   * of the text included.
   */
  logLikelihoods(images: readonly ImageFeatures[], texts: readonly string[]): Promise<number[]>;

  /** {@link logLikelihoods}, and in the same run what else could stand in the texts. */
  likelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    rivals: Rivals,
  ): Promise<TextLikelihood[]>;

  /** The settings {@link caption} will use for these options, for provenance. */
  decodingOf(options: CaptionOptions): Decoding;

  dispose(): Promise<void>;
}
