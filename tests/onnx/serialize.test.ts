import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Graph } from '#main/onnx/graph.ts';
import { add } from '#main/onnx/operators/elementwise.ts';
import { transpose } from '#main/onnx/operators/layout.ts';
import { ModelProtoSchema } from '#main/onnx/proto/onnx_pb.js';
import { toModelBytes } from '#main/onnx/serialize.ts';

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
