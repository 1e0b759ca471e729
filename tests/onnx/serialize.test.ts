import { fromBinary } from '@bufbuild/protobuf';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { expect, test } from 'vitest';
import { Graph } from '#main/onnx/graph.ts';
import { loop } from '#main/onnx/operators/control-flow.ts';
import { add, scale } from '#main/onnx/operators/elementwise.ts';
import { transpose } from '#main/onnx/operators/layout.ts';
import { any, less } from '#main/onnx/operators/logic.ts';
import { ModelProtoSchema } from '#main/onnx/proto/onnx_pb.js';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { floats, runGraph } from './run-graph.ts';

test('the file tells the shape of every value, which fusions of ONNX Runtime ask for', () => {
  const graph = new Graph('shapes');
  const x = graph.input('x', 'f32', ['rows', 2]);
  graph.output('y', transpose(add(x, x), [1, 0]));
  const { graph: file } = fromBinary(ModelProtoSchema, toModelBytes(graph));
  const inner = file?.valueInfo.map(({ type }) =>
    type?.value.case === 'tensorType'
      ? type.value.value.shape?.dim.map(({ value }) => value.value)
      : null,
  );
  expect(inner).toEqual([['rows', 2n]]);
  expect(file?.output.map(({ name }) => name)).toEqual(['y']);
});

test('equal constants are one', () => {
  const graph = new Graph('constants');
  expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
  expect(graph.integers([1])).not.toBe(graph.scalar('i64', 1));
  expect(graph.scalar('f32', 1)).not.toBe(graph.scalar('i32', 1));
  expect(graph.scalar('f32', 0)).not.toBe(graph.scalar('f32', -Infinity));
});

test('nodes and constants that no output needs are left out, in bodies too', async () => {
  const graph = new Graph('unused');
  const x = graph.input('x', 'f32', ['rows', 2]);
  const scaled = add(x, x);
  transpose(scaled, [1, 0]);
  scale(scaled, 3);
  const { scans } = loop({
    name: 'body',
    rounds: graph.input('rounds', 'i64', []),
    states: { sum: { initial: x, shape: ['rows', 2] } },
    body: ({ sum }) => {
      const next = add(sum, scaled);
      less(next, next);
      return {
        goOn: any(less(sum, next)),
        next: { sum: next },
        scans: { sums: next },
      };
    },
  });
  graph.output('y', scans['sums']);
  const { graph: file } = fromBinary(ModelProtoSchema, toModelBytes(graph));
  expect(file?.node.map(({ opType }) => opType)).toEqual(['Add', 'Loop']);
  expect(file?.initializer.map(({ dataType }) => dataType)).toEqual([9]);
  const body = file?.node[1].attribute[0].g?.node.map(({ opType }) => opType);
  expect(body).toEqual(['Add', 'Less', 'Cast', 'ReduceMax', 'Cast', 'Identity']);
  const { y } = await runGraph(graph, {
    x: floats([1, 2], [1, 2]),
    rounds: new Tensor('int64', BigInt64Array.of(2n), []),
  });
  expect(y.values).toEqual([3, 6, 5, 10]);
});
