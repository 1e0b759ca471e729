import type { InferenceSession, Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Graph } from '#main/onnx/graph.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { readableFeeds } from '#main/runtime/feeds.ts';
import { inPlainWords } from '#main/runtime/failures.ts';
import { createSession, type Tensors } from '#main/runtime/session.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Floats } from './med-model.ts';
import { modeGraphs, type GraphName } from '../graphs/mode-graphs.ts';
import { targetsFor } from '../graphs/target.ts';

/** The decoder's memory: outputs that only go back into a graph, and so stay on the device. */
const memoryOutput = /^(cross|kept|next)\./;

/** The graphs of one checkpoint on one device; a session is opened the first time it is needed. */
export class ModelGraphs {
  readonly #graphs: ReadonlyMap<string, Graph>;
  readonly #sessions = new Map<GraphName, Promise<InferenceSession>>();
  readonly #folder: string;
  readonly #device: DeviceStatus;

  constructor(checkpoint: Checkpoint, device: DeviceStatus) {
    this.#graphs = modeGraphs(checkpoint, targetsFor(device));
    this.#folder = checkpoint.weightsFolder;
    this.#device = device;
  }

  /** @throws {MedleyError} `device-unavailable` when the device cannot run the graph. */
  async run(name: GraphName, feeds: Tensors): Promise<Record<string, Tensor>> {
    const session = await this.#session(name);
    const readable = readableFeeds(feeds);
    try {
      return await session.run(readable);
    } catch (error) {
      throw inPlainWords(error);
    }
  }

  /** {@link run} for outputs that are read here: f32 arrays by name. */
  async runToFloats(name: GraphName, feeds: Tensors): Promise<Record<string, Float32Array>> {
    const outputs = Object.entries(await this.run(name, feeds));
    return Object.fromEntries(outputs.map(([output, tensor]) => [output, floatsOf(tensor)]));
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    // One that did not open holds nothing.
    const release = async (session: Promise<InferenceSession>) =>
      (await session.catch(() => null))?.release();
    await Promise.all(sessions.map(release));
  }

  /** The session of a graph; one that did not open is forgotten, so that the next call tries again. */
  #session(name: GraphName): Promise<InferenceSession> {
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(name);
    this.#sessions.set(name, opening);
    opening.catch(() => this.#sessions.delete(name));
    return opening;
  }

  #open(name: GraphName): Promise<InferenceSession> {
    const graph = this.#graphs.get(name);
    if (graph === undefined) throw new TypeError(`this checkpoint has no ${name}`);
    return createSession(toModelBytes(graph), {
      provider: this.#device.provider,
      weightsFolder: this.#folder,
      keptOutputs: graph.outputs.map((output) => output.name).filter((o) => memoryOutput.test(o)),
    }).catch((error: unknown) => {
      throw inPlainWords(error);
    });
  }
}

/** The numbers of a tensor in this process's memory. */
export function floatsOf(tensor: Tensor): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`expected f32, not ${tensor.type}`);
}

/** {@link floatsOf} for the type the model computes in. */
export function numbersOf(tensor: Tensor): Floats {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Float16Array) return data;
  throw new TypeError(`expected f32 or f16, not ${tensor.type}`);
}

/** {@link floatsOf} for i32. */
export function integersOf(tensor: Tensor): Int32Array {
  if (tensor.data instanceof Int32Array) return tensor.data;
  throw new TypeError(`expected i32, not ${tensor.type}`);
}
