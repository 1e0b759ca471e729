import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import type { TextConfig } from '../checkpoint/config.ts';
import type { Continuation } from './caption-search.ts';
import type { PhotoDecoder, StepScores } from './generate.ts';
import { cacheNames, keptNameOf } from '../graphs/decoder.ts';
import { floatsOf, type ModelGraphs } from '../model/model-graphs.ts';
import { HIDDEN, positionsFrom } from '../text/text-batch.ts';

type TensorMap = Record<string, Tensor>;

/** The image-grounded decoder over a batch of photos, with its memory of photos and tokens. */
export class GraphPhotoDecoder implements PhotoDecoder {
  readonly vocabularySize: number;
  readonly #graphs: ModelGraphs;
  readonly #config: TextConfig;
  #cross: TensorMap;
  #past: TensorMap = {};
  #length = 0;

  private constructor(graphs: ModelGraphs, config: TextConfig, cross: TensorMap) {
    this.#graphs = graphs;
    this.#config = config;
    this.#cross = cross;
    this.vocabularySize = config.vocab_size;
  }

  /** @param patches `[photos, tokens, width]` in the type of the graphs */
  static async open(
    graphs: ModelGraphs,
    config: TextConfig,
    patches: Tensor,
  ): Promise<GraphPhotoDecoder> {
    return new GraphPhotoDecoder(graphs, config, await graphs.run('cross-memory', { patches }));
  }

  async prefill(prompt: readonly number[]): Promise<StepScores> {
    const first = this.#cross[cacheNames.crossKeys(0)];
    const [photos] = first.dims;
    this.#past = this.#emptyPast(photos, first.type);
    const ids = Array.from({ length: photos }, () => prompt).flat();
    return this.#run(
      ids,
      Int32Array.from({ length: photos }, (_, i) => i),
    );
  }

  async step(rows: readonly Continuation[]): Promise<StepScores> {
    return this.#run(
      rows.map(({ token }) => token),
      Int32Array.from(rows, ({ parent }) => parent),
    );
  }

  async retain(photos: readonly number[]): Promise<void> {
    const indices = new Tensor('int32', Int32Array.from(photos), [photos.length]);
    const kept = await this.#graphs.run('cross-retain', { ...this.#cross, photos: indices });
    const names = Object.keys(this.#cross);
    disposeAll(this.#cross);
    this.#cross = Object.fromEntries(names.map((name) => [name, kept[keptNameOf(name)]]));
  }

  /** Frees what the device holds. */
  dispose(): void {
    disposeAll(this.#cross);
    disposeAll(this.#past);
  }

  async #run(ids: readonly number[], parents: Int32Array): Promise<StepScores> {
    const rows = parents.length;
    const length = ids.length / rows;
    const outputs = await this.#graphs.run('decoder-step', {
      ids: new Tensor('int32', Int32Array.from(ids), [rows, length]),
      positions: positionsFrom(this.#length, length),
      mask: causalMask(this.#length, length),
      parents: new Tensor('int32', parents, [rows]),
      ...this.#past,
      ...this.#cross,
    });
    disposeAll(this.#past);
    this.#past = this.#nextPast(outputs);
    this.#length += length;
    return { logits: floatsOf(outputs['logits']), logSumExp: floatsOf(outputs['logSumExp']) };
  }

  #nextPast(outputs: Tensors): TensorMap {
    const past: TensorMap = {};
    for (let layer = 0; layer < this.#config.num_hidden_layers; layer++) {
      past[cacheNames.pastKeys(layer)] = outputs[cacheNames.nextKeys(layer)];
      past[cacheNames.pastValues(layer)] = outputs[cacheNames.nextValues(layer)];
    }
    return past;
  }

  #emptyPast(photos: number, type: Tensor.Type): TensorMap {
    const { num_attention_heads: heads, hidden_size: width } = this.#config;
    const empty = (dims: number[]) =>
      type === 'float16'
        ? new Tensor('float16', new Uint16Array(), dims)
        : new Tensor('float32', new Float32Array(), dims);
    const past: TensorMap = {};
    for (let layer = 0; layer < this.#config.num_hidden_layers; layer++) {
      past[cacheNames.pastKeys(layer)] = empty([photos, heads, 0, width / heads]);
      past[cacheNames.pastValues(layer)] = empty([photos, heads, 0, width / heads]);
    }
    return past;
  }
}

/** f32 `[length, past + length]`: each new token sees what is before it and itself. */
function causalMask(past: number, length: number): Tensor {
  const total = past + length;
  const mask = new Float32Array(length * total);
  for (let row = 0; row < length; row++) {
    mask.fill(HIDDEN, row * total + past + row + 1, (row + 1) * total);
  }
  return new Tensor('float32', mask, [length, total]);
}

function disposeAll(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
