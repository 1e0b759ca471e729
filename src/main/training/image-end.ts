import { parametersOf, type WeightChanges } from '#main/med/checkpoint/parameters.ts';
import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { lastImageBlocks } from '#main/med/graphs/image-encoder.ts';
import { patchesInput } from '#main/med/graphs/patches-input.ts';
import { Graph } from '#main/onnx/graph.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { inPlainWords } from '#main/runtime/failures.ts';
import { Tensor, type InferenceSession } from '#main/runtime/onnx-runtime.ts';
import { createSession } from '#main/runtime/session.ts';
import type { Provider } from '#shared/schemas/model.ts';
import { numbersOf } from './numbers-of.ts';

/** The blocks of an image encoder that are trained, as some values of theirs make them. */
export class ImageEnd {
  /** Null where none is: features are whole as they are. */
  readonly #session: InferenceSession | null;
  readonly #width: number;

  private constructor(session: InferenceSession | null, width: number) {
    this.#session = session;
    this.#width = width;
  }

  /** @throws MedleyError `device-unavailable` when the device cannot run the blocks */
  static async open(
    source: GraphSource & { readonly changes: WeightChanges },
    imageBlocks: number,
    provider: Provider,
  ): Promise<ImageEnd> {
    const { vision_config: config } = source.config;
    const width = config.hidden_size;
    if (imageBlocks === 0) return new ImageEnd(null, width);
    const graph = new Graph('image end');
    const p = parametersOf(graph, source, { dtype: 'f32', fusesAttention: false });
    graph.output('whole', lastImageBlocks(p, config, patchesInput(p, source), imageBlocks));
    const { weightsFolder } = source;
    try {
      const session = await createSession(toModelBytes(graph), { provider, weightsFolder });
      return new ImageEnd(session, width);
    } catch (error) {
      throw inPlainWords(error);
    }
  }

  /** Whole patch features of one photo, of what comes before these blocks. */
  async run(before: Float32Array): Promise<Float32Array> {
    if (this.#session === null) return before;
    const dims = [1, before.length / this.#width, this.#width];
    try {
      const { whole } = await this.#session.run({ patches: new Tensor('float32', before, dims) });
      return await numbersOf(whole);
    } catch (error) {
      throw inPlainWords(error);
    }
  }

  async release(): Promise<void> {
    await this.#session?.release();
  }
}
