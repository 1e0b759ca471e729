import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { inPlainWords } from '#main/runtime/failures.ts';
import { Tensor, type InferenceSession } from '#main/runtime/onnx-runtime.ts';
import { createSession, type Tensors } from '#main/runtime/session.ts';
import type { Provider } from '#shared/schemas/model.ts';
import {
  adamUpdateGraph,
  stateNames,
  type AdamSettings,
  type UpdatedParameter,
} from './graphs/adam-update.ts';
import {
  momentumGraph,
  objectiveGraph,
  sumName,
  type Loss,
  type TrainingGraph,
} from './graphs/objective-graphs.ts';
import { numbersOf } from './numbers-of.ts';
import type { Adaptation } from './parameters/trainable-set.ts';

/** What the graphs of a training are built from. */
export interface TrainingGraphOptions {
  readonly source: GraphSource;
  readonly losses: readonly Loss[];
  readonly adaptation: Adaptation;
  readonly smoothing: number;
  readonly adam: AdamSettings;
  readonly provider: Provider;
}

/** The scalars of a step of the optimiser. */
export interface StepScalars {
  readonly rate: number;
  /** The steps taken, this one included. */
  readonly step: number;
  /** Batches whose gradients were added up. */
  readonly batches: number;
}

interface OpenGraph extends TrainingGraph {
  readonly session: InferenceSession;
}

/** The graphs of a training on a device, with the parameters and moments that they turn into new ones. */
export class TrainingGraphs {
  readonly #losses: ReadonlyMap<Loss, OpenGraph>;
  readonly #momentum: OpenGraph | null;
  readonly #update: InferenceSession;
  readonly #adam: AdamSettings;
  /** By name of the update graph's inputs: parameters, moments, moving averages. */
  readonly #state = new Map<string, Tensor>();
  /** Gradients of this step's batches so far. */
  readonly #sums = new Map<string, Tensor>();
  readonly #zeros: ReadonlyMap<string, Tensor>;
  readonly parameters: readonly UpdatedParameter[];

  private constructor(
    losses: ReadonlyMap<Loss, OpenGraph>,
    momentum: OpenGraph | null,
    update: InferenceSession,
    parameters: readonly UpdatedParameter[],
    adam: AdamSettings,
  ) {
    this.#losses = losses;
    this.#momentum = momentum;
    this.#update = update;
    this.parameters = parameters;
    this.#adam = adam;
    this.#zeros = new Map(parameters.map(({ name, shape }) => [name, zeros(shape)]));
  }

  /** @throws MedleyError `device-unavailable` when the device cannot run a graph */
  static async open(options: TrainingGraphOptions): Promise<TrainingGraphs> {
    const { source, losses, adaptation, smoothing, adam, provider } = options;
    const open = async (made: TrainingGraph): Promise<OpenGraph> => {
      return { ...made, session: await sessionOf(made.graph, source, provider) };
    };
    const opened = new Map<Loss, OpenGraph>();
    for (const loss of losses) {
      opened.set(loss, await open(objectiveGraph(source, loss, adaptation, smoothing)));
    }
    const momentum = losses.includes('itc') ? await open(momentumGraph(source, adaptation)) : null;
    const averaged = new Set(momentum?.trained.map(({ name }) => name));
    const all = [...opened.values()].flatMap(({ trained }) => trained);
    const byName = new Map(all.map((each) => [each.name, each]));
    const parameters = [...byName.values()].map((each) => ({
      ...each,
      averaged: averaged.has(each.name),
    }));
    const update = adamUpdateGraph(parameters, adam);
    const session = await sessionOf(update, source, provider);
    return new TrainingGraphs(opened, momentum, session, parameters, adam);
  }

  /** The names of the state, each with its shape: all that {@link restore} takes. */
  get stateShapes(): ReadonlyMap<string, readonly number[]> {
    return new Map(
      this.parameters.flatMap(({ name, shape, averaged }) =>
        [
          name,
          stateNames.first(name),
          stateNames.second(name),
          ...(averaged === true ? [stateNames.momentum(name)] : []),
        ].map((key) => [key, shape] as const),
      ),
    );
  }

  /** Starts from these parameters, with moments of 0 and moving averages equal to them. */
  begin(values: ReadonlyMap<string, Float32Array>): void {
    const state = [...this.stateShapes].map(([key, shape]) => {
      const start = /^(first|second)\//.test(key)
        ? new Float32Array(sizeOf(shape))
        : values.get(key.replace(/^momentum\//, ''));
      if (start === undefined) throw new TypeError(`no value to start ${key} from`);
      return [key, start.slice()] as const;
    });
    this.restore(new Map(state));
  }

  /** Goes on from a {@link snapshot}. */
  restore(state: ReadonlyMap<string, Float32Array>): void {
    for (const [key, shape] of this.stateShapes) {
      const data = state.get(key);
      if (data === undefined) throw new TypeError(`the state lacks ${key}`);
      this.#state.set(key, new Tensor('float32', data, shape));
    }
  }

  /** The whole state, copied. */
  async snapshot(): Promise<Map<string, Float32Array>> {
    const copied = new Map<string, Float32Array>();
    for (const key of this.stateShapes.keys()) {
      copied.set(key, (await numbersOf(this.#stateOf(key))).slice());
    }
    return copied;
  }

  /** The present temperature of ITC, or another scalar among the parameters. */
  async scalar(name: string): Promise<number> {
    return (await numbersOf(this.#stateOf(name)))[0];
  }

  /**
   * Adds the gradient of a batch to those of this step.
   *
   * @returns the loss, and what the graph says besides
   */
  async accumulate(
    loss: Loss,
    batch: Tensors,
  ): Promise<{ readonly loss: number; readonly outputs: Tensors }> {
    const graph = this.#losses.get(loss);
    if (graph === undefined) throw new TypeError(`this training has no ${loss}`);
    const feeds: Record<string, Tensor> = { ...batch };
    for (const { name } of graph.trained) {
      feeds[name] = this.#stateOf(name);
      feeds[sumName(name)] = this.#sums.get(name) ?? this.#zeroOf(name);
    }
    const outputs = await run(graph.session, feeds);
    for (const { name } of graph.trained) {
      this.#sums.set(name, outputs[stateNames.gradient(name)]);
    }
    const [value] = await numbersOf(outputs['loss']);
    return { loss: value, outputs };
  }

  /** Embeddings by the momentum encoders: `imageEmbedding` and `textEmbedding`. */
  async momentumEmbeddings(batch: Tensors): Promise<Tensors> {
    if (this.#momentum === null) throw new TypeError('this training has no momentum encoders');
    const feeds: Record<string, Tensor> = { ...batch };
    for (const { name } of this.#momentum.trained) {
      feeds[name] = this.#stateOf(stateNames.momentum(name));
    }
    return run(this.#momentum.session, feeds);
  }

  /**
   * Takes a step along the gradients added up, and forgets them.
   *
   * @returns the norm of the gradient; where that is no number, no step is taken
   */
  async step({ rate, step, batches }: StepScalars): Promise<number> {
    const { beta1, beta2 } = this.#adam;
    const feeds: Record<string, Tensor> = Object.fromEntries(this.#state);
    for (const { name } of this.parameters) {
      feeds[stateNames.gradient(name)] = this.#sums.get(name) ?? this.#zeroOf(name);
    }
    const scalars = {
      share: 1 / batches,
      rate,
      correction1: 1 - beta1 ** step,
      correction2: 1 - beta2 ** step,
    };
    for (const [name, value] of Object.entries(scalars)) feeds[name] = scalar(value);
    const outputs = await run(this.#update, feeds);
    const [norm] = await numbersOf(outputs['norm']);
    this.#sums.clear();
    if (!Number.isFinite(norm)) return norm;
    for (const key of this.stateShapes.keys()) {
      this.#state.set(key, outputs[stateNames.next(key)]);
    }
    return norm;
  }

  async release(): Promise<void> {
    const graphs = [...this.#losses.values(), ...(this.#momentum === null ? [] : [this.#momentum])];
    for (const { session } of graphs) await session.release();
    await this.#update.release();
  }

  #stateOf(key: string): Tensor {
    const tensor = this.#state.get(key);
    if (tensor === undefined) throw new TypeError(`the training has not begun: no ${key}`);
    return tensor;
  }

  #zeroOf(name: string): Tensor {
    const zero = this.#zeros.get(name);
    if (zero === undefined) throw new TypeError(`${name} is not trained`);
    return zero;
  }
}

async function sessionOf(
  graph: TrainingGraph['graph'],
  source: GraphSource,
  provider: Provider,
): Promise<InferenceSession> {
  // Parameters and gradients come back to memory after every run, where checkpoints are written from.
  const options = { provider, weightsFolder: source.weightsFolder };
  return createSession(toModelBytes(graph), options).catch((error: unknown) => {
    throw inPlainWords(error);
  });
}

async function run(session: InferenceSession, feeds: Tensors): Promise<Record<string, Tensor>> {
  try {
    return await session.run(feeds);
  } catch (error) {
    throw inPlainWords(error);
  }
}

function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}

function zeros(shape: readonly number[]): Tensor {
  return new Tensor('float32', new Float32Array(sizeOf(shape)), shape);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
