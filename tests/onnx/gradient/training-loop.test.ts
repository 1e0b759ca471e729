import { expect, test } from 'vitest';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { loop } from '#main/onnx/operators/control-flow.ts';
import { add, gelu, mul, scale, sub } from '#main/onnx/operators/elementwise.ts';
import { gather } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { reduceMean } from '#main/onnx/operators/reduction.ts';
import { floats, runGraph, someFloats } from '../run-graph.ts';

const [steps, rows, inputs, hidden] = [5, 4, 3, 6];

/** The shape of every trained tensor of a small network. */
const shapes = { first: [inputs, hidden], bias: [hidden], second: [hidden, 1] };
type Parameters = Readonly<Record<string, Value>>;

/** One step of gradient descent: the loss before it, and the parameters after it. */
function step(
  parameters: Parameters,
  x: Value,
  y: Value,
  recomputes = false,
): { loss: Value; next: Parameters } {
  const { first, bias, second } = parameters;
  const error = sub(matMul(gelu(add(matMul(x, first), bias)), second), y);
  const loss = reduceMean(mul(error, error), { axes: [0, 1], keepsAxes: false });
  const found = gradients(loss, [first, bias, second], {
    checkpoints: recomputes ? [x, error] : [],
  });
  const next = Object.fromEntries(
    Object.entries(parameters).map(([name, value], i) => [name, sub(value, scale(found[i], 0.1))]),
  );
  return { loss, next };
}

const initial = Object.fromEntries(
  Object.entries(shapes).map(([name, shape], i) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return [name, floats(someFloats(count + i).slice(i), shape)];
  }),
);
const xs = someFloats(steps * rows * inputs);
const ys = xs.filter((_, i) => i % inputs === 0).map((n) => n * n);

test.each([
  ['steps within one run are those of as many runs', false],
  ['and so they are when activations are computed a second time', true],
])('%s', async (_, recomputes) => {
  const single = new Graph('single');
  const given = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, single.input(name, 'f32', shape)]),
  );
  const one = step(
    given,
    single.input('x', 'f32', [rows, inputs]),
    single.input('y', 'f32', [rows, 1]),
  );
  single.output('loss', one.loss);
  for (const [name, value] of Object.entries(one.next)) single.output(`next ${name}`, value);

  const losses: number[] = [];
  let state = initial;
  for (let i = 0; i < steps; i++) {
    const outputs = await runGraph(single, {
      ...state,
      x: floats(xs.slice(i * rows * inputs, (i + 1) * rows * inputs), [rows, inputs]),
      y: floats(ys.slice(i * rows, (i + 1) * rows), [rows, 1]),
    });
    losses.push(outputs['loss'].values[0]);
    state = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        floats(outputs[`next ${name}`].values, shape),
      ]),
    );
  }

  const looped = new Graph('looped');
  const x = looped.input('x', 'f32', ['steps', rows, inputs]);
  const y = looped.input('y', 'f32', ['steps', rows, 1]);
  const { states, scans } = loop({
    name: 'step',
    rounds: looped.input('steps', 'i64', []),
    states: Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        { initial: looped.input(name, 'f32', shape), shape },
      ]),
    ),
    body: (parameters, round) => {
      const { loss, next } = step(parameters, gather(x, round, 0), gather(y, round, 0), recomputes);
      return { goOn: looped.scalar('bool', 1), next, scans: { loss } };
    },
  });
  looped.output('losses', scans['loss']);
  for (const [name, value] of Object.entries(states)) looped.output(`last ${name}`, value);
  const outputs = await runGraph(looped, {
    ...initial,
    steps: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []),
    x: floats(xs, [steps, rows, inputs]),
    y: floats(ys, [steps, rows, 1]),
  });
  expect(losses[steps - 1]).toBeLessThan(losses[0]);
  expect(outputs['losses'].values).toEqual(losses);
  for (const name of Object.keys(shapes)) {
    expect(outputs[`last ${name}`].values).toEqual(Array.from(state[name].data, Number));
  }
});
