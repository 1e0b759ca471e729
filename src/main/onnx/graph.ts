import { byteSizeOf, type ElementType } from './element-type.ts';
import { GraphError } from './graph-error.ts';
import { elementCount, formatShape, type Dim, type Shape } from './shape.ts';

/** A tensor of a graph: what it is called, what it holds, and its shape. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export type Attribute =
  | { readonly kind: 'type'; readonly value: ElementType }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'graph'; readonly value: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operator application. Nodes stand in an order in which every input is made before its use. */
export interface Node {
  /** Name of the operator, behind its domain where that is not ONNX's own: `com.microsoft.Name`. */
  readonly op: string;
  /** An optional input that is left out is null. */
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/**
 * Where the bytes of an initialiser lie: in the model itself, at hand or worked out each time the
 * model is written, or at a place in another file.
 */
export type InitializerData =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'computed'; readonly bytes: () => Uint8Array }
  | {
      readonly kind: 'external';
      /** Path of the file, relative to the folder the model is loaded against. */
      readonly location: string;
      readonly offset: number;
      readonly length: number;
    };

export interface Initializer {
  readonly value: Value;
  readonly data: InitializerData;
}

/** A value that the graph returns, and the name it is returned under. */
export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

/** Type and shape of a node's output. */
export interface OutputSpec {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** Types of the constants that are kept inside a model. */
export type ScalarType = 'f32' | 'i32' | 'i64' | 'bool';

/**
 * A graph under construction. Operators (`operators/`) append nodes; the lists are public so that
 * a later pass can walk, differentiate or rewrite them. Every value carries its type and shape.
 *
 * A graph may be the body of a node of another one, its `outer` graph. Its nodes may use the values
 * of that one as they are; names are unique over both.
 */
export class Graph {
  readonly name: string;
  readonly outer: Graph | null;
  readonly inputs: Value[] = [];
  readonly outputs: GraphOutput[] = [];
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly #names: Set<string>;
  readonly #constants = new Map<string, Value>();
  readonly #named = new Map<string, Value>();

  constructor(name: string, outer: Graph | null = null) {
    this.name = name;
    this.outer = outer;
    this.#names = outer === null ? new Set() : outer.#names;
  }

  /** Declares an input of the graph. */
  input(name: string, type: ElementType, shape: Shape): Value {
    const value = this.#value(name, type, shape);
    this.inputs.push(value);
    return value;
  }

  /**
   * Declares that the graph returns `value` under the name `name`.
   *
   * @throws GraphError when no node computes the value, or it is returned already
   */
  output(name: string, value: Value): void {
    const isComputed = this.nodes.some((node) => node.outputs.includes(value));
    if (!isComputed || this.outputs.some((output) => output.value === value)) {
      throw new GraphError(`${value.name} cannot be returned as ${name}`);
    }
    this.#claim(name);
    this.outputs.push({ name, value });
  }

  /** Integers kept inside the model, as the shape operand of an operator; equal ones are one value. */
  integers(values: readonly number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#inline('i64', [values.length], bytes, values.join());
  }

  /** Numbers kept inside the model, f32; equal ones are one value. */
  numbers(values: readonly number[]): Value {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    return this.#inline('f32', [values.length], bytes, values.join());
  }

  /** A constant of rank 0, kept inside the model; equal ones are one value. */
  scalar(type: ScalarType, value: number): Value {
    return this.#inline(type, [], new Uint8Array(scalarArrays[type](value).buffer), `${value}`);
  }

  /**
   * A constant whose bytes lie in another file; it belongs to the outermost graph. Asking again for
   * the same name gives the same value, so that tied parameters stay one.
   *
   * @throws GraphError when the length does not match type and shape
   */
  external(
    name: string,
    type: ElementType,
    shape: readonly number[],
    place: { readonly location: string; readonly offset: number; readonly length: number },
  ): Value {
    if (this.outer !== null) return this.outer.external(name, type, shape, place);
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const expected = (elementCount(shape) ?? 0) * byteSizeOf(type);
    if (expected !== place.length) {
      throw new GraphError(
        `${name}: ${type} ${formatShape(shape)} takes ${expected} bytes, not ${place.length}`,
      );
    }
    const value = this.#initializer(name, type, shape, { kind: 'external', ...place });
    this.#named.set(name, value);
    return value;
  }

  /**
   * A constant whose bytes are worked out when the model is written, and not kept here: for large
   * ones. It belongs to the outermost graph, and asking again for the same name gives the same value.
   */
  computed(
    name: string,
    type: ElementType,
    shape: readonly number[],
    bytes: () => Uint8Array,
  ): Value {
    if (this.outer !== null) return this.outer.computed(name, type, shape, bytes);
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const value = this.#initializer(name, type, shape, { kind: 'computed', bytes });
    this.#named.set(name, value);
    return value;
  }

  /**
   * Appends a node; operators call this once they have worked out types and shapes. The node goes
   * into the innermost graph that one of its inputs belongs to: what does not depend on a body's
   * values is computed outside of it, once.
   *
   * @throws GraphError when an input belongs to no graph around that one
   */
  node(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes = {},
  ): Value[] {
    const given = inputs.filter((value) => value !== null);
    const inner = given.find(({ graph }) => graph !== this && graph.isWithin(this));
    if (inner !== undefined) return inner.graph.node(op, inputs, outputs, attributes);
    const stranger = given.find(({ graph }) => !this.isWithin(graph));
    if (stranger !== undefined) {
      throw new GraphError(
        `${stranger.name} of ${stranger.graph.name} is not seen in ${this.name}`,
      );
    }
    const values = outputs.map(({ type, shape }) => this.#value(this.#fresh(op), type, shape));
    this.nodes.push({ op, inputs, outputs: values, attributes });
    return values;
  }

  /** {@link node} for an operator with one output. */
  apply(
    op: string,
    inputs: readonly (Value | null)[],
    output: OutputSpec,
    attributes: Attributes = {},
  ): Value {
    return this.node(op, inputs, [output], attributes)[0];
  }

  /** Whether this is `graph` or a body somewhere inside it. */
  isWithin(graph: Graph): boolean {
    return this === graph || (this.outer !== null && this.outer.isWithin(graph));
  }

  /** The input and axis that carry a symbolic dimension, the nearest one; null when none does. */
  carrierOf(dim: Dim): { input: Value; axis: number } | null {
    for (const input of this.inputs) {
      const axis = input.shape.indexOf(dim);
      if (axis >= 0) return { input, axis };
    }
    return this.outer === null ? null : this.outer.carrierOf(dim);
  }

  /** Equal constants are one value, so that ONNX Runtime sees equal nodes over them as one. */
  #inline(type: ScalarType, shape: Shape, bytes: Uint8Array, text: string): Value {
    const key = `${type} ${formatShape(shape)} ${text}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = this.#initializer(this.#fresh('constant'), type, shape, {
      kind: 'inline',
      bytes,
    });
    this.#constants.set(key, value);
    return value;
  }

  #initializer(name: string, type: ElementType, shape: Shape, data: InitializerData): Value {
    const value = this.#value(name, type, shape);
    this.initializers.push({ value, data });
    return value;
  }

  #value(name: string, type: ElementType, shape: Shape): Value {
    this.#claim(name);
    return { graph: this, name, type, shape };
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new GraphError(`${this.name}: ${name} is declared twice`);
    this.#names.add(name);
  }

  #fresh(op: string): string {
    return `${op}_${this.#names.size}`;
  }
}

const scalarArrays = {
  f32: (value: number) => Float32Array.of(value),
  i32: (value: number) => Int32Array.of(value),
  i64: (value: number) => BigInt64Array.of(BigInt(value)),
  bool: (value: number) => Uint8Array.of(value),
} satisfies Record<ScalarType, unknown>;
