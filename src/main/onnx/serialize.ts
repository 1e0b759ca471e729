import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { onnxNumberOf } from './element-type.ts';
import type { Attribute, Graph, Initializer, Node, Value } from './graph.ts';
import { liveNodes, valuesOf } from './live-nodes.ts';
import {
  ModelProtoSchema,
  type AttributeProtoSchema,
  type GraphProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './proto/onnx_pb.js';

/** Operator set every emitted graph asks for (20 brought Gelu) and the format version of its day. */
const OPSET = 20n;
const IR_VERSION = 9n;

/** `TensorProto.DataLocation.EXTERNAL` and the `AttributeProto.AttributeType` numbers. */
const EXTERNAL = 1;
const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/**
 * The graph as the bytes of an ONNX model, without what no output needs; external initialisers stay
 * in their files.
 */
export function toModelBytes(graph: Graph): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'medley',
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: graphOf(graph, ({ name }) => name),
  });
  return toBinary(ModelProtoSchema, model);
}

/** What a value is called in the file. */
type NameOf = (value: Value) => string;

function graphOf(graph: Graph, outerNameOf: NameOf): MessageInitShape<typeof GraphProtoSchema> {
  // ONNX returns values by their own names, so a returned value goes by its output's name throughout.
  const returned = new Map(graph.outputs.map(({ name, value }) => [value, name]));
  const nameOf = (value: Value) => returned.get(value) ?? outerNameOf(value);
  const nodes = liveNodes(graph);
  const used = new Set(nodes.flatMap(valuesOf));
  return {
    name: graph.name,
    node: nodes.map((node) => nodeOf(node, nameOf)),
    initializer: graph.initializers.filter(({ value }) => used.has(value)).map(tensorOf),
    input: graph.inputs.map((value) => valueInfoOf(value.name, value)),
    output: graph.outputs.map(({ name, value }) => valueInfoOf(name, value)),
    valueInfo: nodes
      .flatMap((node) => node.outputs)
      .filter((value) => !returned.has(value))
      .map((value) => valueInfoOf(nameOf(value), value)),
  };
}

function nodeOf(node: Node, nameOf: NameOf): MessageInitShape<typeof NodeProtoSchema> {
  const nameStart = node.op.lastIndexOf('.') + 1;
  return {
    name: node.outputs[0].name,
    opType: node.op.slice(nameStart),
    domain: node.op.slice(0, Math.max(0, nameStart - 1)),
    input: node.inputs.map((value) => (value === null ? '' : nameOf(value))),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).map(([name, value]) =>
      attributeOf(name, value, nameOf),
    ),
  };
}

function attributeOf(
  name: string,
  attribute: Attribute,
  nameOf: NameOf,
): MessageInitShape<typeof AttributeProtoSchema> {
  switch (attribute.kind) {
    case 'int':
      return { name, type: attributeTypes.int, i: BigInt(attribute.value) };
    case 'type':
      return { name, type: attributeTypes.int, i: BigInt(onnxNumberOf(attribute.value)) };
    case 'ints':
      return { name, type: attributeTypes.ints, ints: attribute.value.map(BigInt) };
    case 'float':
      return { name, type: attributeTypes.float, f: attribute.value };
    case 'string':
      return { name, type: attributeTypes.string, s: new TextEncoder().encode(attribute.value) };
    case 'graph':
      return { name, type: attributeTypes.graph, g: graphOf(attribute.value, nameOf) };
  }
}

function tensorOf({ value, data }: Initializer): MessageInitShape<typeof TensorProtoSchema> {
  const tensor = {
    name: value.name,
    dataType: onnxNumberOf(value.type),
    dims: value.shape.map(BigInt),
  };
  if (data.kind === 'inline') return { ...tensor, rawData: data.bytes };
  if (data.kind === 'computed') return { ...tensor, rawData: data.bytes() };
  return {
    ...tensor,
    dataLocation: EXTERNAL,
    externalData: [
      { key: 'location', value: data.location },
      { key: 'offset', value: String(data.offset) },
      { key: 'length', value: String(data.length) },
    ],
  };
}

function valueInfoOf(name: string, value: Value): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = value.shape.map((size) => ({
    value:
      typeof size === 'number'
        ? { case: 'dimValue' as const, value: BigInt(size) }
        : { case: 'dimParam' as const, value: size },
  }));
  return {
    name,
    type: {
      value: { case: 'tensorType', value: { elemType: onnxNumberOf(value.type), shape: { dim } } },
    },
  };
}
