import { toModelBytes } from '#main/onnx/serialize.ts';
import type { Shape } from '#main/onnx/shape.ts';
import { inPlainWords } from '#main/runtime/failures.ts';
import { Tensor, type InferenceSession } from '#main/runtime/onnx-runtime.ts';
import { providerTable } from '#main/runtime/provider-table.ts';
import { createSession, type Tensors } from '#main/runtime/session.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import type { Provider } from '#shared/schemas/model.ts';
import type { UpdatedParameter } from './graphs/adam-update.ts';
import { queueNames } from './graphs/embedding-queue.ts';
import { scalingStart } from './graphs/loss-scaling.ts';
import {
  nextName,
  trainingGraph,
  type Loss,
  type TrainingGraphOptions,
} from './graphs/training-graph.ts';
import { inMemory } from './device-copy.ts';
import { numbersOf } from './numbers-of.ts';

export interface SessionOptions extends Omit<TrainingGraphOptions, 'loops'> {
  readonly provider: Provider;
  /** Path, without its end, of a profile of ONNX Runtime to write. */
  readonly profile?: string | undefined;
}

/** The losses of a step, by objective. */
export type Losses = Partial<Readonly<Record<Loss, number>>>;

/** What a step came to. */
export interface StepResult {
  /** The means over its batches. */
  readonly losses: Losses;
  /**
   * Of the gradient. Where it is no number, the step was left out in f16, and in f32 left nothing that
   * is one.
   */
  readonly norm: number;
  /** In f16, by what the loss was multiplied before its gradients; 1 in f32. */
  readonly factor: number;
}

/** All that a training has learnt so far. */
export interface Snapshot {
  /** Parameters, moments, moving averages and the embeddings of the queue. */
  readonly tensors: ReadonlyMap<string, WrittenTensor>;
  /** Photos of the queue's embeddings. */
  readonly queue: readonly number[];
}

/** The graph of a training on a device, with the states that it turns into new ones. */
export class TrainingSession {
  readonly #session: InferenceSession;
  readonly #provider: Provider;
  readonly #states: ReadonlyMap<string, Shape>;
  readonly #state = new Map<string, Tensor>();
  readonly parameters: readonly UpdatedParameter[];

  private constructor(
    session: InferenceSession,
    provider: Provider,
    states: ReadonlyMap<string, Shape>,
    parameters: readonly UpdatedParameter[],
  ) {
    this.#session = session;
    this.#provider = provider;
    this.#states = states;
    this.parameters = parameters;
  }

  /** @throws MedleyError `device-unavailable` when the device cannot run the graph */
  static async open(options: SessionOptions): Promise<TrainingSession> {
    const { provider, source, profile } = options;
    const { loops } = providerTable[provider];
    const { graph, states, parameters } = trainingGraph({ ...options, loops });
    const { weightsFolder } = source;
    const keptOutputs = [...states.keys()].map(nextName);
    try {
      const session = await createSession(toModelBytes(graph), {
        provider,
        weightsFolder,
        keptOutputs,
        profile,
      });
      return new TrainingSession(session, provider, states, parameters);
    } catch (error) {
      throw inPlainWords(error);
    }
  }

  /** Starts from these parameters, with moments of 0, moving averages equal to them and no queue. */
  begin(values: ReadonlyMap<string, Float32Array>): void {
    const tensors = new Map<string, WrittenTensor>();
    for (const [key, dims] of this.#states) {
      const shape = dims.map((dim) => (typeof dim === 'number' ? dim : 0));
      tensors.set(key, { shape, data: startOf(key, shape, values) });
    }
    this.restore({ tensors, queue: [] });
  }

  /** Goes on from a {@link snapshot}. */
  restore({ tensors, queue }: Snapshot): void {
    for (const key of this.#states.keys()) {
      if (key === queueNames.photos) {
        this.#replace(key, new Tensor('int32', Int32Array.from(queue), [queue.length]));
        continue;
      }
      const found = tensors.get(key);
      if (found === undefined) throw new TypeError(`the state lacks ${key}`);
      this.#replace(key, new Tensor('float32', found.data.slice(), found.shape));
    }
  }

  /** The whole state, copied. */
  async snapshot(): Promise<Snapshot> {
    const tensors = new Map<string, WrittenTensor>();
    let queue: readonly number[] = [];
    for (const [key, tensor] of await inMemory(this.#state, this.#provider)) {
      const { data } = tensor;
      if (data instanceof Float32Array)
        tensors.set(key, { shape: tensor.dims, data: data.slice() });
      else queue = Array.from(data, Number);
    }
    return { tensors, queue };
  }

  /**
   * Takes steps, in one run.
   *
   * @param inputs what they take, as `trainingGraph` says
   */
  async run(inputs: Tensors): Promise<StepResult[]> {
    if (this.#state.size === 0) throw new TypeError('the training has not begun');
    let outputs: Tensors;
    try {
      outputs = await this.#session.run({ ...Object.fromEntries(this.#state), ...inputs });
    } catch (error) {
      throw inPlainWords(error);
    }
    for (const key of this.#states.keys()) this.#replace(key, outputs[nextName(key)]);
    const names = Object.keys(outputs).filter((name) => name.startsWith('loss/'));
    const norms = await numbersOf(outputs['norm']);
    const factors = 'factor' in outputs ? await numbersOf(outputs['factor']) : norms.map(() => 1);
    const losses = await Promise.all(names.map((name) => numbersOf(outputs[name])));
    return Array.from(norms, (norm, step) => ({
      losses: Object.fromEntries(
        names.map((name, i) => [name.slice('loss/'.length), losses[i][step]]),
      ),
      norm,
      factor: factors[step],
    }));
  }

  /** Closes the profile. */
  endProfile(): void {
    this.#session.endProfiling();
  }

  async release(): Promise<void> {
    for (const tensor of this.#state.values()) letGo(tensor);
    this.#state.clear();
    await this.#session.release();
  }

  #replace(key: string, next: Tensor): void {
    const previous = this.#state.get(key);
    this.#state.set(key, next);
    if (previous !== undefined) letGo(previous);
  }
}

/** Frees what a tensor takes of a device's memory. */
function letGo(tensor: Tensor): void {
  if (tensor.location !== 'cpu') tensor.dispose();
}

function startOf(
  key: string,
  shape: readonly number[],
  values: ReadonlyMap<string, Float32Array>,
): Float32Array {
  if (/^(first|second|queue)\//.test(key)) {
    return new Float32Array(shape.reduce((product, dim) => product * dim, 1));
  }
  const scaling = scalingStart.get(key);
  if (scaling !== undefined) return Float32Array.of(scaling);
  const value = values.get(key.replace(/^momentum\//, ''));
  if (value === undefined) throw new TypeError(`no value to start ${key} from`);
  return value;
}
